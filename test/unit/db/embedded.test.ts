import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Sql } from '../../../db/sql.ts';
import type { Store } from '../../../db/store.ts';
import { completed, TestChat, textSlice } from '../../helpers/store-chat.ts';
import { openStore } from '../../helpers/store.ts';

/** Everything that is asked while people chat. */
async function everything(store: Store): Promise<void> {
  const chat = await TestChat.create(store, { title: 'Title' });
  const started = await chat.start('one');
  await chat.send('two');
  await store.record([textSlice(started, 1, 0, 'half')]);
  await chat.view();
  await chat.log();
  await store.chats(chat.userId, { limit: 30, search: 'it' });
  await store.history(chat.userId, chat.id, { limit: 50 });
  await store.messagesBefore(chat.id, started.userMessage.id, 10);
  await store.conversationBefore(chat.id, started.message.id, 10);
  await store.keepSummary(chat.id, { messageId: started.userMessage.id, text: 'summed up' });
  await store.requestStop(chat.userId, chat.id, undefined);
  await store.finish(completed(started, 'whole'));
  await store.giveFeedback(chat.userId, chat.id, { messageId: started.message.id, comment: 'good' });
  await store.startNext(chat.id);
  await store.abandon(chat.id, []);
  await store.indexMessages([chat.id]);
  await store.chats(chat.userId, { limit: 30, search: 'who' });
  await store.rename(chat.userId, chat.id, 'Other');
  await store.deleteChat(chat.userId, chat.id);
}

async function wholeTableReads(db: Sql): Promise<unknown> {
  await db.execute(sql`select pg_stat_force_next_flush()`);
  return db
    .select({ table: sql`relname`, reads: sql`seq_scan::int` })
    .from(sql`pg_stat_user_tables`)
    .where(sql`schemaname = 'switchboard'`)
    .orderBy(sql`relname`);
}

describe('the embedded database', () => {
  it('[STO-27] nothing that is asked while people chat reads a whole table, though it was planned while they were small', async () => {
    await using opened = await openStore();
    const { store, db } = opened;
    await everything(store);
    await db.execute(sql`vacuum analyze`);
    const before = await wholeTableReads(db);
    for (let round = 0; round < 10; round += 1) await everything(store);
    expect(await wholeTableReads(db)).toEqual(before);
  });
});
