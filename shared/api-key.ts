import { z } from 'zod';
import { Time } from './chat.ts';
import { ApiKeyId } from './ids.ts';
import { limits } from './limits.ts';
import { cleanText } from './text.ts';

/** What tells keys apart for whoever made them. */
export const ApiKeyName = z.string().trim().min(1).max(limits.title).overwrite(cleanText);

/** A key that a program uses in place of a person's token. The key itself is shown once, when it is made. */
export const ApiKey = z.object({
  id: ApiKeyId,
  name: z.string(),
  /** The first characters of the key, to recognise it by. */
  prefix: z.string(),
  createdAt: Time,
  /** Coarse: right to within ten minutes. Null: never used. */
  lastUsedAt: Time.nullable(),
  /** Null: in use. */
  revokedAt: Time.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
