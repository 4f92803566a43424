import { sql } from 'drizzle-orm';
import { limits } from '../shared/limits.ts';
import { gather } from './gather.ts';
import type { Sql } from './sql.ts';
import { withStoreErrors } from './store-errors.ts';
import type { Store } from './store.ts';
import { assistantReader } from './store/assistant-reader.ts';
import { selectBranch } from './store/branch-choice.ts';
import { edit, regenerate } from './store/branch-runs.ts';
import { findWorkflow, isOwnWorkflow, mayRunWorkflow } from './store/catalog.ts';
import { noSuchChat } from './store/chat-change.ts';
import { entriesAfter } from './store/chat-log.ts';
import { listChats } from './store/chat-list.ts';
import { chatPlaces, type OwnedChat } from './store/chat-places.ts';
import {
  archiveChat,
  createChat,
  deleteChat,
  deleteDebugChats,
  findShared,
  renameChat,
  shareChat,
  titleIfNone,
  unshareChat,
} from './store/chats.ts';
import { giveFeedback } from './store/feedback.ts';
import { conversationBefore, keepSummary, messagesBefore } from './store/conversation.ts';
import { indexMessages, unindexed } from './store/message-words.ts';
import { reserveTokens, spentTokens } from './store/token-budget.ts';
import { closeSideCall, nextModelCall, openSideCall } from './store/model-calls.ts';
import { editQueued, moveQueued, resumeQueue, withdraw } from './store/queue.ts';
import { forkChat } from './store/fork.ts';
import { readChat, readHistory, readView } from './store/reading.ts';
import { abandon, finish, recover, type End } from './store/run-ends.ts';
import { requestStop, startNext } from './store/runs.ts';
import { sender } from './store/sends.ts';
import { expireInputs, findInput, respond } from './store/settle.ts';
import { record } from './store/slices.ts';
import { takeSteering } from './store/steering.ts';
import { suspend } from './store/suspend.ts';
import { intendToolCalls, moveToolCalls } from './store/tool-calls.ts';
import { accountUsage, chatUsage } from './store/usage.ts';
import { markRead, watchedChats, watchedList } from './store/watched.ts';

const noRecall = async (): Promise<null> => null;

/**
 * The store on either database. The connection stays its owner's.
 *
 * @param clock milliseconds since 1970, for tests
 */
export function sqlStore(db: Sql, clock: () => number = Date.now): Store {
  const now = () => new Date(clock()).toISOString();
  const send = sender(db);
  const assistant = assistantReader(db);
  const place = gather((asked: readonly OwnedChat[]) => chatPlaces(db, asked));
  const end = gather((ends: readonly End[]) => finish(db, ends));
  return withStoreErrors({
    ping: async () => void (await db.execute(sql`select 1`)),

    createChat: (userId, chat) => createChat(db, now(), userId, chat),
    chat: (userId, chatId) => readChat(db, userId, chatId),
    async place(userId, chatId) {
      const found = await place({ userId, chatId });
      if (found === null) throw noSuchChat();
      return found;
    },
    chats: async (userId, query) => listChats(db, userId, query),
    history: async (userId, chatId, page) => readHistory(db, userId, chatId, page),
    view: (userId, chatId) => readView(db, userId, chatId),
    entries: (chatId, seq, limit) => entriesAfter(db, chatId, seq, limit),
    rename: (userId, chatId, title) => renameChat(db, now(), userId, chatId, title),
    titleIfNone: (userId, chatId, title) => titleIfNone(db, now(), userId, chatId, title),
    archive: (userId, chatId, archived) => archiveChat(db, now(), userId, chatId, archived),
    share: (userId, chatId, shareId) => shareChat(db, now(), userId, chatId, shareId),
    unshare: (userId, chatId) => unshareChat(db, now(), userId, chatId),
    sharedChat: (shareId) => findShared(db, shareId),
    giveFeedback: (userId, chatId, change) => giveFeedback(db, now(), userId, chatId, change),
    deleteChat: (userId, chatId) => deleteChat(db, userId, chatId),
    deleteDebugChats: async (unusedMs, limit) =>
      deleteDebugChats(db, new Date(clock() - unusedMs).toISOString(), limit),

    send: (userId, request) => send({ userId, request, now: now() }),
    regenerate: (userId, request) => regenerate({ db, now: now(), userId }, request),
    edit: (userId, request) => edit({ db, now: now(), userId }, request),
    selectBranch: (userId, chatId, messageId) => selectBranch(db, userId, chatId, messageId),
    fork: (userId, request) => forkChat(db, now(), userId, request),
    startNext: (chatId) => startNext(db, now(), chatId),
    requestStop: (userId, chatId, runId) => requestStop(db, now(), userId, chatId, runId),
    editQueued: (userId, edit) => editQueued(db, userId, edit),
    moveQueued: (userId, move) => moveQueued(db, userId, move),
    withdraw: (userId, chatId, runId) => withdraw(db, now(), userId, chatId, runId),
    resumeQueue: (userId, chatId) => resumeQueue(db, userId, chatId),
    takeSteering: (runId, attempt) => takeSteering(db, now(), runId, attempt),
    record: (slices, progress) => record(db, slices, progress),
    intendToolCalls: (run, calls) => intendToolCalls(db, now(), run, calls),
    moveToolCalls: (run, moves) => moveToolCalls(db, now(), run, moves),
    nextModelCall: (run, call) => nextModelCall(db, now(), run, call),
    openSideCall: (userId, call) => openSideCall(db, now(), userId, call),
    closeSideCall: (id, end) => closeSideCall(db, now(), id, end),
    spentTokens: (userId) => spentTokens(db, now(), userId),
    reserveTokens: (userId, wanted) => reserveTokens(db, userId, wanted),
    accountUsage: async (userId, range) => accountUsage(db, now(), userId, range),
    chatUsage: (userId, chatId) => chatUsage(db, userId, chatId),
    finish: (run) => end({ ...run, now: now() }),
    suspend: (run) => suspend(db, now(), run),
    input: (userId, chatId, inputId) => findInput(db, userId, chatId, inputId),
    respond: (userId, request) => respond(db, now(), userId, request),
    expireInputs: () => expireInputs(db, now()),
    abandon: (chatId, living, recall = noRecall) => abandon(db, now(), { chatId, living, recall }),
    recover: ({ recall = noRecall, askMs = limits.approvalMs } = {}) => recover(db, now(), { recall, askMs }),

    async markRead(userId, chatId) {
      if (!(await markRead(db, userId, chatId)) && (await place({ userId, chatId })) === null) throw noSuchChat();
    },
    watchedList: (userId, limit) => watchedList(db, userId, limit),
    watchedChats: (chatIds) => watchedChats(db, chatIds),
    indexMessages: (chatIds) => indexMessages(db, chatIds),
    unindexed: () => unindexed(db),

    assistant: (id, version) => assistant(id, version),
    workflow: (id, version) => findWorkflow(db, id, version),
    mayRunWorkflow: (outer, inner) => mayRunWorkflow(db, outer, inner),
    ownsWorkflow: (userId, id) => isOwnWorkflow(db, userId, id),
    messagesBefore: (chatId, messageId, limit) => messagesBefore(db, chatId, messageId, limit),
    conversationBefore: (chatId, messageId, limit) => conversationBefore(db, { chatId, from: messageId, limit }),
    keepSummary: (chatId, summary) => keepSummary(db, now(), chatId, summary),
  });
}
