import { sql } from 'drizzle-orm';
import type { AppId } from '../shared/ids.ts';
import { gather } from './gather.ts';
import type { Sql } from './sql.ts';
import { withStoreErrors } from './store-errors.ts';
import type { Store } from './store.ts';
import { findAssistants, findWorkflow, listAssistants, listWorkflows } from './store/catalog.ts';
import { noSuchChat } from './store/chat-change.ts';
import { entriesAfter } from './store/chat-log.ts';
import { chatPlaces, type OwnedChat } from './store/chat-places.ts';
import { archiveChat, createChat, deleteChat, listChats, renameChat } from './store/chats.ts';
import { messagesBefore } from './store/conversation.ts';
import { readChat, readHistory, readView } from './store/reading.ts';
import { abandon, finish, recover, type End } from './store/run-ends.ts';
import { requestStop, startNext } from './store/runs.ts';
import { sender } from './store/sends.ts';
import { expireInputs, findInput, respond } from './store/settle.ts';
import { record } from './store/slices.ts';
import { suspend } from './store/suspend.ts';
import { intendToolCalls, moveToolCalls } from './store/tool-calls.ts';

/**
 * The store on either database. The connection stays its owner's.
 *
 * @param clock milliseconds since 1970, for tests
 */
export function sqlStore(db: Sql, clock: () => number = Date.now): Store {
  const now = () => new Date(clock()).toISOString();
  const send = sender(db);
  const assistant = gather((ids: readonly AppId[]) => findAssistants(db, ids));
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
    archive: (userId, chatId, archived) => archiveChat(db, now(), userId, chatId, archived),
    deleteChat: (userId, chatId) => deleteChat(db, userId, chatId),

    send: (userId, request) => send({ userId, request, now: now() }),
    startNext: (chatId) => startNext(db, now(), chatId),
    requestStop: (userId, chatId, runId) => requestStop(db, now(), userId, chatId, runId),
    record: (slices) => record(db, slices),
    intendToolCalls: (run, calls) => intendToolCalls(db, now(), run, calls),
    moveToolCalls: (run, moves) => moveToolCalls(db, now(), run, moves),
    finish: (run) => end({ ...run, now: now() }),
    suspend: (run) => suspend(db, now(), run),
    input: (userId, chatId, inputId) => findInput(db, userId, chatId, inputId),
    respond: (userId, request) => respond(db, now(), userId, request),
    expireInputs: () => expireInputs(db, now()),
    abandon: (chatId, living) => abandon(db, now(), chatId, living),
    recover: () => recover(db, now()),

    assistants: async (page) => listAssistants(db, page),
    assistant: (id) => assistant(id),
    workflows: async (page) => listWorkflows(db, page),
    workflow: (id) => findWorkflow(db, id),
    messagesBefore: (chatId, messageId, limit) => messagesBefore(db, chatId, messageId, limit),
  });
}
