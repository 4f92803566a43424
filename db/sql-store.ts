import { sql } from 'drizzle-orm';
import { storeError } from './database-errors.ts';
import type { Sql } from './sql.ts';
import type { Store } from './store.ts';
import { findAssistant, findWorkflow, listAssistants, listWorkflows } from './store/catalog.ts';
import { entriesAfter } from './store/chat-log.ts';
import { archiveChat, createChat, deleteChat, listChats, renameChat } from './store/chats.ts';
import { messagesBefore } from './store/conversation.ts';
import { readChat, readHistory, readView } from './store/reading.ts';
import { abandon, finish, recover } from './store/run-ends.ts';
import { requestStop, startNext } from './store/runs.ts';
import { send } from './store/sends.ts';
import { record } from './store/slices.ts';

/**
 * The store on either database. The connection stays its owner's.
 *
 * @param clock milliseconds since 1970, for tests
 */
export function sqlStore(db: Sql, clock: () => number = Date.now): Store {
  const now = () => new Date(clock()).toISOString();
  return withStoreErrors({
    ping: async () => void (await db.execute(sql`select 1`)),

    createChat: (userId, chat) => createChat(db, now(), userId, chat),
    chat: (userId, chatId) => readChat(db, userId, chatId),
    chats: async (userId, query) => listChats(db, userId, query),
    history: async (userId, chatId, page) => readHistory(db, userId, chatId, page),
    view: (userId, chatId) => readView(db, userId, chatId),
    entries: (chatId, seq, limit) => entriesAfter(db, chatId, seq, limit),
    rename: (userId, chatId, title) => renameChat(db, now(), userId, chatId, title),
    archive: (userId, chatId, archived) => archiveChat(db, now(), userId, chatId, archived),
    deleteChat: (userId, chatId) => deleteChat(db, userId, chatId),

    send: (userId, request) => send(db, now(), userId, request),
    startNext: (chatId) => startNext(db, now(), chatId),
    requestStop: (userId, chatId, runId) => requestStop(db, now(), userId, chatId, runId),
    record: (slices) => record(db, slices),
    finish: (run) => finish(db, now(), run),
    abandon: (chatId, living) => abandon(db, now(), chatId, living),
    recover: () => recover(db, now()),

    assistants: async (page) => listAssistants(db, page),
    assistant: (id) => findAssistant(db, id),
    workflows: async (page) => listWorkflows(db, page),
    workflow: (id) => findWorkflow(db, id),
    messagesBefore: (chatId, messageId, limit) => messagesBefore(db, chatId, messageId, limit),
  });
}

/** Every method rejects with what `storeError` makes of the driver's errors. */
function withStoreErrors(store: Store): Store {
  const guarded = Object.entries(store).map(([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw storeError(error);
      }
    },
  ]);
  return Object.fromEntries(guarded);
}
