import { z } from 'zod';

/**
 * Every id is a UUID. The brands keep a chat's id from being passed where a run's is meant; on the wire they are plain
 * strings in lower case (an upper-case id names the same thing, and Postgres answers in lower case).
 */
const uuid = z.guid('expected a UUID').toLowerCase();

export const ChatId = uuid.brand<'ChatId'>();
export type ChatId = z.infer<typeof ChatId>;

export const MessageId = uuid.brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const RunId = uuid.brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

export const InputId = uuid.brand<'InputId'>();
export type InputId = z.infer<typeof InputId>;

export const AppId = uuid.brand<'AppId'>();
export type AppId = z.infer<typeof AppId>;

/** Whoever authentication named: the `sub` of a token, or `local` where nobody has to say who they are. */
export const UserId = z.string().min(1).max(255).brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

/**
 * A new UUID, version 7: ids made later sort later, so that an index grows at its end.
 *
 * @param now milliseconds since 1970, for tests
 */
export function newId<Id extends string>(now: number = Date.now()): Id {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 2 ** 16));
  view.setUint16(4, now % 2 ** 16);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id;
}
