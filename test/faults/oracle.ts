import { isDeepStrictEqual } from 'node:util';
import type { ChatEvent, ChatView } from '../../shared/events.ts';
import type { ChatId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import type { RawClient } from '../helpers/raw-client.ts';

/** The chat as the database has it, in the words of a view. */
type StoredChat = Omit<ChatView, 'nextCursor'>;

type ChatState = Pick<ChatView, 'chat' | 'activeRun' | 'pendingInput' | 'queue'>;

export async function storedChat(client: RawClient, chatId: ChatId): Promise<StoredChat> {
  const { chat, activeRun, pendingInput, queue } = await client.query<ChatState>('chat.get', { chatId });
  const { messages } = await client.query<{ messages: Message[] }>('chat.history', { chatId });
  return { chat, activeRun, pendingInput, queue, messages };
}

/** Where a folded view is not the stored chat; nothing when they are equal. A view may reach further back than a page. */
export function differences(view: ChatView | null, stored: StoredChat): string[] {
  if (!view) return ['the reader has nothing'];
  const shown = Math.min(view.messages.length, stored.messages.length);
  const isPart = view.nextCursor !== null || view.messages.length >= stored.messages.length;
  const pairs: [name: string, have: unknown, want: unknown][] = [
    ['chat', view.chat, stored.chat],
    ['activeRun', view.activeRun, stored.activeRun],
    ['pendingInput', view.pendingInput, stored.pendingInput],
    ['queue', view.queue, stored.queue],
    ['messages', view.messages.slice(-shown || Infinity), stored.messages.slice(-shown || Infinity)],
    ['older messages', isPart, true],
  ];
  return pairs
    .filter(([, have, want]) => !isDeepStrictEqual(have, want))
    .map(([name, have, want]) => `${name}: folded ${brief(have)}, stored ${brief(want)}`);
}

/** Long answers are told by their ends: that is where they differ. */
function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 1_200 ? `${text.slice(0, 500)} … ${text.slice(-700)}` : text;
}

/** What a chat's whole log says against the laws of runs, with every message that was acknowledged. */
export function wrongHistory(events: readonly ChatEvent[], acknowledged: ReadonlySet<string>): string[] {
  const queued = new Set<string>();
  const known = new Set<string>();
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const event of events) {
    if (event.type === 'run.queued') {
      queued.add(event.run.id);
      known.add(event.run.userMessageId);
    }
    if (event.type === 'run.queued' || event.type === 'run.started') count(`${event.type} ${event.run.id}`);
    if (event.type === 'run.ended') count(`${event.type} ${event.runId}`);
    if (event.type === 'message.added' || event.type === 'message.completed')
      count(`${event.type} ${event.message.id}`);
  }
  const repeated = [...counts].filter(([, times]) => times > 1).map(([what, times]) => `${what} came ${times} times`);
  const endless = [...queued].filter((runId) => !counts.has(`run.ended ${runId}`));
  const lost = [...acknowledged].filter((messageId) => !known.has(messageId));
  return [
    ...repeated,
    ...endless.map((runId) => `run ${runId} has no end`),
    ...lost.map((messageId) => `message ${messageId} was acknowledged and is lost`),
  ];
}
