import type { ChatLogEntry, InnerEvent } from '../../db/store.ts';
import { isDeepStrictEqual } from 'node:util';
import type { ChatEvent, ChatView } from '../../shared/events.ts';
import { wrongMessage } from '../faults/audit.ts';
import { differences, storedChat, wrongHistory } from '../faults/oracle.ts';
import { addTally, newTally } from '../faults/tally.ts';
import type { Tally } from '../faults/tally.ts';
import { until } from '../faults/until.ts';
import type { Ground } from './ground.ts';
import type { Step } from './step.ts';
import { tell } from './tell.ts';
import { ToldChat } from './told-chat.ts';

/** Milliseconds in which every run has ended and every tab has caught up. */
const calmMs = 10_000;
const wholeLog = 10_000;

/**
 * Lets a story happen and holds what came of it against the laws. Errors: all that are broken.
 *
 * Each reader's text is the beginning of what the model said; nothing comes twice and nothing is left out; every run
 * ends once and asks the model once at most; nothing that was acknowledged is lost, and what an answer took stands in it; what a reader folded is what is stored.
 */
export async function obeysLaws(ground: Ground, story: readonly Step[]): Promise<Tally> {
  ground.provider.isHasty = false;
  const chat = await ToldChat.start(ground);
  try {
    for (const step of story) await tell(chat, step);
    await comeToRest(ground, chat);
    const { problems, tally } = await judge(ground, chat);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return tally;
  } finally {
    for (const tab of chat.tabs) tab.cut();
    await chat.client.mutate('chat.delete', { chatId: chat.id });
    chat.client.cut();
  }
}

/** Every answer ends, every tab reads and is connected. */
async function comeToRest(ground: Ground, chat: ToldChat): Promise<void> {
  ground.provider.isHasty = true;
  ground.provider.end('finish');
  for (const [index, tab] of chat.tabs.entries()) {
    tab.goOn();
    if (!tab.isConnected) await chat.reconnect(index, { eventsBack: 0 });
  }
  await chat.resume();
  const rest = chat.client.stream({ chatId: chat.id });
  await rest.until(({ view }) => view !== null && isIdle(view), calmMs);
}

/** In its place readers get a snapshot. */
function isInner(event: ChatLogEntry['event']): event is InnerEvent {
  return event.type === 'branch.selected' || event.type === 'answer.reset';
}

async function judge(ground: Ground, chat: ToldChat): Promise<{ problems: string[]; tally: Tally }> {
  const { provider, database } = ground;
  const said = (question: string, beginning: string) => provider.said(question, beginning);
  const entries = await database.store.entries(chat.id, 0, wholeLog);
  const switches = new Set(entries.flatMap(({ seq, event }) => (isInner(event) ? [seq] : [])));
  const stored = await storedChat(chat.client, chat.id);
  const tally = { ...newTally(), cuts: chat.cuts };
  const problems = stored.messages.flatMap((message) => wrongMessage(stored.messages, message, said));
  for (const [index, tab] of chat.tabs.entries()) {
    await until(
      () => differences(tab.view, stored).length === 0,
      () => `tab ${index} is left with something else:\n${differences(tab.view, stored).join('\n')}`,
      calmMs,
    );
    const finding = tab.judge(said, switches);
    addTally(tally, finding.tally);
    problems.push(...finding.violations.map((violation) => `tab ${index}, ${violation}`));
  }
  const gaps = entries.filter(({ seq }, index) => seq !== index + 1).map(({ seq }) => `entry ${seq} follows a gap`);
  const events = entries.flatMap(({ event }) => (isInner(event) ? [] : [event]));
  const acknowledged = new Set(chat.sent.map(({ messageId }) => messageId));
  const questions = [...chat.sent.map(({ text }) => text), ...chat.edited];
  const asked = questions
    .filter((text) => provider.asked(text) > 1 + chat.regenerated(text))
    .map((text) => `${text} was asked too often`);
  const wrong = [...wrongHistory(events, acknowledged), ...wrongSteering(events)];
  return { problems: [...problems, ...gaps, ...wrong, ...asked], tally };
}

/** What ended `completed` without a start of its own was taken by an answer, and stands there once; nothing else does. */
function wrongSteering(events: readonly ChatEvent[]): string[] {
  const started = new Set(events.flatMap((event) => (event.type === 'run.started' ? [event.run.id] : [])));
  const ended = new Set(
    events.flatMap((event) => (event.type === 'run.ended' && event.status === 'completed' ? [event.runId] : [])),
  );
  const taken = events.flatMap((event) =>
    event.type === 'run.queued' && ended.has(event.run.id) && !started.has(event.run.id) ? [event.run] : [],
  );
  const expected = taken.map(({ userMessageId, text }) => `${userMessageId} ${text}`).toSorted();
  // Of every branch, whichever is shown.
  const answers = events.flatMap((event) => (event.type === 'message.completed' ? [event.message] : []));
  const found = answers
    .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'steering' ? [part] : [])))
    .map(({ messageId, text }) => `${messageId} ${text}`)
    .toSorted();
  return isDeepStrictEqual(found, expected)
    ? []
    : [`answers have ${found.join()}, what was taken is ${expected.join()}`];
}

function isIdle({ activeRun, queue }: ChatView): boolean {
  return activeRun === null && queue.length === 0;
}
