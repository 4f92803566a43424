import type { Dice } from './dice.ts';

const texts = [
  '', ' ', '\0', '\ud800', '\udfff\ud800', '😀', '__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '1e999',
  '../../etc/passwd', '%00', '<script>', "'; drop table chats; --", 'chat.send', 'local', '\u202e', 'a\r\nb',
  '00000000-0000-0000-0000-000000000000', '0198c0de-0000-7000-8000-000000000001', 'PING', 'PONG', '{}', '[]',
]; // prettier-ignore

const numbers = [0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324, 500, 501];

/** Any JSON value, the awkward ones first. */
export function anyValue(dice: Dice, depth = 3): unknown {
  switch (dice.below(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return dice.chance(0.5);
    case 2:
      return dice.pick(numbers);
    case 3:
    case 4:
      return dice.pick(texts);
    case 5:
      return dice.pick(texts).repeat(dice.below(200));
    case 6:
      return Array.from({ length: dice.below(6) }, () => anyValue(dice, depth - 1));
    default:
      return anyRecord(dice, depth);
  }
}

function anyRecord(dice: Dice, depth: number): unknown {
  const keys = [...texts, 'chatId', 'lastEventId', 'text', 'id', 'path', 'input', 'params', 'method'];
  const entries = Array.from({ length: dice.below(6) }, () => [dice.pick(keys), anyValue(dice, depth - 1)] as const);
  // Parsed, so that `__proto__` is a key like any other.
  return JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`);
}

/** The value, or with this chance another one in its place or somewhere inside it. */
export function spoiled(dice: Dice, value: unknown, share = 0.2): unknown {
  if (dice.chance(share)) return anyValue(dice);
  if (Array.isArray(value)) return value.map((item) => spoiled(dice, item, share));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => !dice.chance(share / 4));
  return Object.fromEntries(kept.map(([key, item]) => [key, spoiled(dice, item, share)]));
}
