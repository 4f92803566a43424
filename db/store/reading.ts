import { and, asc, eq, inArray } from 'drizzle-orm';
import type { ChatId, UserId } from '../../shared/ids.ts';
import type { InputRequest } from '../../shared/run.ts';
import { toChat, toInputRequest, toRun, type ChatRow, type RunRow } from '../rows.ts';
import { chats, inputRequests, runs } from '../schema.ts';
import { readAtOnce, type Sql } from '../sql.ts';
import type { Page, StoredChat, StoredView } from '../store.ts';
import { noSuchChat } from './chat-change.ts';
import { suspensionOf } from './chat-places.ts';
import { historyPage, snapshotPage } from './message-pages.ts';

export function readChat(db: Sql, userId: UserId, chatId: ChatId): Promise<StoredChat> {
  return readAtOnce(db, async (tx) => stateOf(tx, await ownChat(tx, userId, chatId)));
}

export function readView(db: Sql, userId: UserId, chatId: ChatId): Promise<StoredView> {
  return readAtOnce(db, async (tx) => {
    const chat = await ownChat(tx, userId, chatId);
    const { seq, suspended, ...state } = await stateOf(tx, chat);
    return { view: { ...state, ...(await snapshotPage(tx, chat)) }, seq, suspended };
  });
}

export function readHistory(db: Sql, userId: UserId, chatId: ChatId, page: Page): ReturnType<typeof historyPage> {
  return readAtOnce(db, async (tx) => historyPage(tx, await ownChat(tx, userId, chatId), page));
}

/** Errors: `NOT_FOUND`. */
export async function ownChat(tx: Sql, userId: UserId, chatId: ChatId): Promise<ChatRow> {
  const [chat] = await tx
    .select()
    .from(chats)
    .where(and(eq(chats.id, chatId), eq(chats.ownerId, userId)));
  if (!chat) throw noSuchChat();
  return chat;
}

async function stateOf(tx: Sql, chat: ChatRow): Promise<StoredChat> {
  const alive = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.chatId, chat.id), inArray(runs.status, ['queued', 'running', 'waiting'])))
    .orderBy(asc(runs.position));
  const active = alive.find(isActive);
  return {
    chat: toChat(chat),
    seq: chat.seq,
    activeRun: active ? toRun(active) : null,
    suspended: active ? suspensionOf(active) : null,
    pendingInput: active?.status === 'waiting' ? await pendingInput(tx, active) : null,
    queue: alive.filter((run) => !isActive(run)).map(toRun),
    ...(active?.nodes && { nodes: active.nodes }),
  };
}

async function pendingInput(tx: Sql, { id, suspendedSeq }: RunRow): Promise<InputRequest | null> {
  const [asked] = await tx
    .select()
    .from(inputRequests)
    .where(and(eq(inputRequests.runId, id), eq(inputRequests.seq, suspendedSeq ?? 0)));
  return asked ? toInputRequest(asked) : null;
}

function isActive({ status }: RunRow): boolean {
  return status !== 'queued';
}
