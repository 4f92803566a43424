import { z } from 'zod';
import { Time } from './chat.ts';
import { Feedback } from './feedback.ts';

/** What people think of answers, counted. */
export const FeedbackCounts = z.object({
  likes: z.int().nonnegative(),
  dislikes: z.int().nonnegative(),
  comments: z.int().nonnegative(),
  /** Times that an answer was copied. */
  copied: z.int().nonnegative(),
});
export type FeedbackCounts = z.infer<typeof FeedbackCounts>;

/** Null: not known, of an answer that came into its chat with a fork. */
const version = z.int().positive().nullable();

/** What people think of an assistant's answers, for its owner: neither who they are nor what was said. Deleted chats do not count. */
export const AssistantFeedback = z.object({
  total: FeedbackCounts,
  /** The newest versions of which anything is known, newest first. */
  versions: z.array(FeedbackCounts.extend({ version })),
  /** Newest first. */
  comments: z.array(z.object({ comment: z.string(), rating: Feedback.shape.rating, version, commentedAt: Time })),
  nextCursor: z.string().nullable(),
});
export type AssistantFeedback = z.infer<typeof AssistantFeedback>;
