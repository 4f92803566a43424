import type { App } from '../../shared/chat.ts';
import type { ChatView } from '../../shared/events.ts';
import { fold } from '../../shared/fold.ts';
import { UserId, type AppId, type ChatId, type MessageId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import type { Slice, Store, StartedRun, SendRequest, SendResult, Change, FinishedRun } from '../../db/store.ts';

export const assistantId = '01930000-0000-7000-8000-000000000001' as AppId;
export const editorId = '01930000-0000-7000-8000-000000000002' as AppId;
export const workflowId = '01930000-0000-7000-8000-000000000003' as AppId;

export function newUser(): UserId {
  return UserId.parse(`user-${crypto.randomUUID()}`);
}

/** One person's chat in a store, with short words for what tests do to it. */
export class TestChat {
  readonly id: ChatId = newId();
  readonly store: Store;
  readonly userId: UserId;

  constructor(store: Store, userId: UserId) {
    this.store = store;
    this.userId = userId;
  }

  static async create(store: Store, options: { userId?: UserId; app?: App; title?: string; debug?: boolean } = {}) {
    const chat = new TestChat(store, options.userId ?? newUser());
    const { app = null, title = null, debug = false } = options;
    await store.createChat(chat.userId, { chatId: chat.id, app, title, debug });
    return chat;
  }

  send(text: string, request: Partial<SendRequest> = {}): Promise<SendResult> {
    const messageId: MessageId = newId();
    return this.store.send(this.userId, {
      chatId: this.id,
      messageId,
      text,
      onBusy: 'queue',
      mayStart: true,
      ...request,
    });
  }

  async start(text: string, request: Partial<SendRequest> = {}): Promise<StartedRun> {
    return startedOf(await this.send(text, request));
  }

  /** A whole turn: sent, answered, ended. */
  async turn(text: string, answer: string): Promise<StartedRun> {
    const started = await this.start(text);
    await this.store.finish(completed(started, answer));
    return started;
  }

  async view(): Promise<ChatView> {
    return (await this.store.view(this.userId, this.id)).view;
  }

  state() {
    return this.store.chat(this.userId, this.id);
  }

  log(after = 0, limit = 1000) {
    return this.store.entries(this.id, after, limit);
  }
}

export function startedOf(result: SendResult): StartedRun {
  if (result.disposition !== 'started') throw new Error(`expected the run to start, got ${result.disposition}`);
  return result.started;
}

export function completed({ run, attempt }: StartedRun, answer: string): FinishedRun {
  return { runId: run.id, attempt, status: 'completed', parts: [{ type: 'text', text: answer }] };
}

export function textSlice({ run, attempt }: StartedRun, seq: number, offset: number, text: string, part = 0): Slice {
  return { runId: run.id, attempt, seq, part, content: { kind: 'text', offset, text } };
}

/** The view after these changes, as a client works it out. */
export function foldAll(view: ChatView, changes: readonly (Change | null)[]): ChatView {
  let folded: ChatView | null = view;
  for (const { event } of changes.flatMap((change) => change?.entries ?? [])) {
    if (event.type === 'branch.selected' || event.type === 'answer.reset')
      throw new Error('expected events to fold, got one that stands for a snapshot');
    folded = fold(folded, event);
  }
  if (!folded) throw new Error('expected a view, got none');
  return folded;
}

/** Events by type alone. */
export function typesOf(change: Change | null): string[] {
  return (change?.entries ?? []).map(({ event }) => event.type);
}

/** A clock that is one millisecond later each time it is read, unless it is held. */
export class TestClock {
  #now = Date.UTC(2026, 0, 1);
  held = false;

  readonly read = (): number => {
    if (!this.held) this.#now += 1;
    return this.#now;
  };

  iso(): string {
    return new Date(this.#now).toISOString();
  }
}
