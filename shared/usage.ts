import { z } from 'zod';
import { Time } from './chat.ts';
import { ChatId } from './ids.ts';
import { Usage } from './message.ts';

/** What calls of models used together. */
export const UsageTotal = Usage.extend({
  /** Those that used anything. */
  calls: z.int().nonnegative(),
});
export type UsageTotal = z.infer<typeof UsageTotal>;

/** A day as UTC counts it: `2026-01-31`. */
export const Day = z.iso.date('expected a day such as 2026-01-31');

/** What a user may use on one day, and what is used or set aside of it. */
export const DailyBudget = z.object({
  day: Day,
  tokens: z.int().positive(),
  spent: z.int().nonnegative(),
  /** When the next day's budget begins. */
  endsAt: Time,
});
export type DailyBudget = z.infer<typeof DailyBudget>;

/** Of the user who asks, deleted chats too. A call counts for the day on which it began. */
export const AccountUsage = z.object({
  from: Day,
  to: Day,
  /** Days and models without use are left out. Oldest first. */
  days: z.array(UsageTotal.extend({ day: Day, model: z.string().nullable() })),
  /** Of today; absent where the server sets none. */
  budget: DailyBudget.optional(),
});
export type AccountUsage = z.infer<typeof AccountUsage>;

export const ChatUsage = UsageTotal.extend({ chatId: ChatId });
export type ChatUsage = z.infer<typeof ChatUsage>;
