import { useMemo } from 'react';
import type { ChatStore, RespondOutput, SendOutput } from '../index.ts';
import type { Feedback } from '../../shared/feedback.ts';
import { useWorkspace } from './context.ts';
import { unopened } from './shared-chat.ts';
import type { SharedChatState } from './shared-chat.ts';
import { useStore } from './use-store.ts';
import type { Workspace } from './workspace.ts';

/** What is said about an answer: null takes back, absent leaves as it is, `copied` counts one copy more. */
export interface FeedbackChange {
  readonly rating?: Feedback['rating'];
  readonly comment?: string | null;
  readonly copied?: boolean;
}

/** What can be done in a chat. The functions stay the same as long as the chat is the same. */
interface ChatActions {
  /**
   * Sends a message and shows it as pending at once. Rejects with the server's typed error; the message then stays in
   * `pending`, failed, until it is sent again under its id or discarded.
   */
  readonly send: (text: string, options?: Parameters<ChatStore['send']>[1]) => Promise<SendOutput>;
  /** Stops the answer that is being written, and pauses what waits; resolves when the server has recorded it. */
  readonly stop: () => Promise<void>;
  /** Answers the question with this id, that of `pendingInput`; rejects when the value does not keep to its schema. */
  readonly respond: (inputId: string, value: unknown) => Promise<RespondOutput>;
  /** Sends a message in place of an earlier one of the person, which stays as its sibling. Rejects like `send`. */
  readonly edit: (messageId: string, text: string) => Promise<SendOutput>;
  /** Asks for another answer, a sibling of the one with this id. Rejects like `send`. */
  readonly regenerate: (messageId: string) => Promise<SendOutput>;
  /** Shows the branch of this message, one of some other's `siblings`; everybody who watches the chat is shown it. */
  readonly selectBranch: (messageId: string) => Promise<void>;
  /** Rates an answer, comments on it or counts that it was copied; what is left out stays. */
  readonly giveFeedback: (messageId: string, feedback: FeedbackChange) => Promise<Feedback>;
  /** Takes a run out of the queue. */
  readonly withdraw: (runId: string) => Promise<void>;
  /** Changes the text of a message that waits. Rejects with `NOT_FOUND` when its turn has come. */
  readonly editQueued: (runId: string, text: string) => Promise<void>;
  /** Moves a waiting run before another one; null: behind all. */
  readonly moveQueued: (runId: string, before: string | null) => Promise<void>;
  /** Lets a queue go on that a stop has paused (`chat.queuePaused`). */
  readonly resume: () => Promise<void>;
  /** Takes a failed message out of `pending`. */
  readonly discard: (messageId: string) => void;
  readonly rename: (title: string) => Promise<void>;
  readonly archive: (archived: boolean) => Promise<void>;
  /** Lets whoever has the id that comes back read the chat, as long as it is shared. */
  readonly share: () => Promise<string>;
  readonly unshare: () => Promise<void>;
  /** Deletes the chat with all that was said in it. */
  readonly remove: () => Promise<void>;
  /** After `failed`: tries again. */
  readonly reopen: () => void;
}

export interface UseChat extends Omit<SharedChatState, 'earlier'>, ChatActions {
  /** What was said before the first of `messages`. */
  readonly earlier: SharedChatState['earlier'] & {
    /** Puts one page more in front of `messages`. */
    readonly load: () => void;
  };
}

/**
 * One chat, live: its messages and the answer that is being written, what waits, and what can be done.
 *
 * All components that show a chat share one stream. It is closed a few seconds after the last one is gone, but not while
 * an answer is being written in it or a message is on its way.
 */
export function useChat(chatId: string): UseChat {
  const workspace = useWorkspace('useChat');
  const { store, actions, loadEarlier } = useMemo(() => chatOf(workspace, chatId), [workspace, chatId]);
  const state = useStore(store);
  return useMemo(
    () => ({ ...state, earlier: { ...state.earlier, load: loadEarlier }, ...actions }),
    [state, actions, loadEarlier],
  );
}

function chatOf({ client, openChats, changes }: Workspace, chatId: string) {
  const actions: ChatActions = {
    send: (text, options) => openChats.use(chatId).send(text, options),
    async stop() {
      const runId = openChats.get(chatId).activeRun?.id;
      await client.stop({ chatId, ...(runId !== undefined && { runId }) });
    },
    respond: (inputId, value) => client.respond({ chatId, inputId, value }),
    edit: (messageId, text) => client.edit({ chatId, messageId, text }),
    regenerate: (messageId) => client.regenerate({ chatId, messageId }),
    selectBranch: async (messageId) => void (await client.api.chat.selectBranch.mutate({ chatId, messageId })),
    giveFeedback: (messageId, feedback) => client.api.chat.feedback.mutate({ chatId, messageId, ...feedback }),
    editQueued: async (runId, text) => void (await client.api.chat.queue.edit.mutate({ chatId, runId, text })),
    moveQueued: async (runId, before) => void (await client.api.chat.queue.move.mutate({ chatId, runId, before })),
    withdraw: async (runId) => void (await client.stop({ chatId, runId })),
    resume: async () => void (await client.api.chat.queue.resume.mutate({ chatId })),
    discard: (messageId) => openChats.use(chatId).discard(messageId),
    rename: (title) => changes.rename(chatId, title),
    archive: (archived) => changes.archive(chatId, archived),
    share: () => changes.share(chatId),
    unshare: () => changes.unshare(chatId),
    remove: () => changes.remove(chatId),
    reopen: () => openChats.use(chatId).reopen(),
  };
  return {
    actions,
    loadEarlier: () => openChats.use(chatId).loadEarlier(),
    store: {
      get: () => openChats.get(chatId),
      subscribe: (listener: () => void) => openChats.show(chatId, listener),
      getOnServer: () => unopened,
    },
  };
}
