import { z } from 'zod';
import { limits } from './limits.ts';
import { cleanText } from './text.ts';

/** What the person thought of an answer. */
export const Feedback = z.object({
  /** Null: neither. */
  rating: z.enum(['like', 'dislike']).nullable(),
  /** What they wrote about it. */
  comment: z.string().optional(),
  /** How often they have copied it. */
  copied: z.int().nonnegative(),
});
export type Feedback = z.infer<typeof Feedback>;

export const noFeedback: Feedback = { rating: null, copied: 0 };

export const Comment = z.string().trim().max(limits.comment).overwrite(cleanText);
