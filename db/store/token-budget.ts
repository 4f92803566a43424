import { and, eq, gte, sql } from 'drizzle-orm';
import type { UserId } from '../../shared/ids.ts';
import { modelCalls } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { TokensWanted } from '../store.ts';

/** Of the advisory locks that are taken for a budget; others of this database have other numbers. */
const budgetLock = 7_301;

const spentOf = sql<number>`coalesce(sum(input_tokens::bigint + output_tokens + reserved_tokens), 0)`.mapWith(Number);

export function spentTokens(db: Sql, now: string, userId: UserId): Promise<number> {
  return spentOn(db, userId, now.slice(0, 10));
}

/**
 * One of a user after another: the lock is a statement of its own, because a statement that had to wait for it would not
 * see what was set aside meanwhile.
 */
export function reserveTokens(
  db: Sql,
  userId: UserId,
  { runId, purpose, least, most, budget }: TokensWanted,
): Promise<{ granted: number; spent: number }> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${budgetLock}, hashtext(${userId}))`);
    const open = and(
      eq(modelCalls.runId, runId),
      eq(modelCalls.ownerId, userId),
      eq(modelCalls.purpose, purpose),
      sql`status = 'open'`,
    );
    const [call] = await tx.select({ id: modelCalls.id, openedAt: modelCalls.openedAt }).from(modelCalls).where(open);
    if (!call) return { granted: 0, spent: 0 };
    const spent = await spentOn(tx, userId, call.openedAt.slice(0, 10));
    const left = budget - spent;
    if (left < least) return { granted: 0, spent };
    const granted = Math.min(most, left);
    await tx
      .update(modelCalls)
      .set({ reservedTokens: sql`reserved_tokens + ${granted}` })
      .where(and(eq(modelCalls.id, call.id), sql`status = 'open'`));
    return { granted, spent };
  });
}

/** A call counts for the day on which it began. */
async function spentOn(db: Sql, userId: UserId, day: string): Promise<number> {
  const start = `${day}T00:00:00.000Z`;
  const [found] = await db
    .select({ spent: spentOf })
    .from(modelCalls)
    .where(
      and(
        eq(modelCalls.ownerId, userId),
        gte(modelCalls.openedAt, start),
        sql`${modelCalls.openedAt} < ${start}::timestamptz + interval '24 hours'`,
      ),
    );
  return found?.spent ?? 0;
}
