import { and, asc, eq, gte, lt, sql } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, UserId } from '../../shared/ids.ts';
import type { UsageRange } from '../../shared/inputs.ts';
import { limits } from '../../shared/limits.ts';
import type { AccountUsage, ChatUsage } from '../../shared/usage.ts';
import { chats, modelCalls } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { noSuchChat } from './chat-change.ts';

const dayMs = 86_400_000;

/** Days that are told where none is named. */
const shownDays = 30;

const didUse = sql`${modelCalls.inputTokens} + ${modelCalls.outputTokens}::bigint > 0`;

const total = {
  calls: sql`count(${modelCalls.id})`.mapWith(Number),
  inputTokens: sql`coalesce(sum(${modelCalls.inputTokens}), 0)`.mapWith(Number),
  outputTokens: sql`coalesce(sum(${modelCalls.outputTokens}), 0)`.mapWith(Number),
  source: sql<'reported' | 'estimated'>`case when bool_and(${modelCalls.source} = 'reported') is false
    then 'estimated' else 'reported' end`,
};

export async function accountUsage(
  db: Sql,
  now: string,
  userId: UserId,
  range: UsageRange,
): Promise<Omit<AccountUsage, 'budget'>> {
  const { from, to } = wholeRange(now, range);
  const day = sql<string>`to_char(${modelCalls.openedAt} at time zone 'utc', 'YYYY-MM-DD')`;
  const { model } = modelCalls;
  const days = await db
    .select({ day, model, ...total })
    .from(modelCalls)
    .where(
      and(
        eq(modelCalls.ownerId, userId),
        gte(modelCalls.openedAt, startOf(from)),
        lt(modelCalls.openedAt, startOf(dayAfter(to, 1))),
        didUse,
      ),
    )
    .groupBy(sql`1`, model)
    .orderBy(sql`1`, asc(model));
  return { from, to, days };
}

/** Errors: `NOT_FOUND`. */
export async function chatUsage(db: Sql, userId: UserId, chatId: ChatId): Promise<ChatUsage> {
  const [found] = await db
    .select(total)
    .from(chats)
    .leftJoin(modelCalls, and(eq(modelCalls.chatId, chats.id), didUse))
    .where(and(eq(chats.id, chatId), eq(chats.ownerId, userId)))
    .groupBy(chats.id);
  if (!found) throw noSuchChat();
  return { chatId, ...found };
}

function wholeRange(now: string, asked: UsageRange): { from: string; to: string } {
  const { to = now.slice(0, 10), from = dayAfter(to, 1 - (asked.days ?? shownDays)) } = asked;
  const range = { from, to };
  const days = (Date.parse(range.to) - Date.parse(range.from)) / dayMs + 1;
  if (days >= 1 && days <= limits.usageDays) return range;
  const message = `from, to: expected 1 to ${limits.usageDays} days in order, got ${range.from} to ${range.to}`;
  throw new SwitchboardError('INVALID_INPUT', message, { details: { limit: limits.usageDays } });
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}
