import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cursorWriter, parseCursor } from '../../../shared/cursor.ts';
import type { ChatId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';

const chatId = newId<ChatId>();

describe('cursor', () => {
  test('[CUR-1] a cursor names the place it was made for', () => {
    const place = fc.record({ chatSeq: fc.nat(), runSeq: fc.nat() });
    fc.assert(
      fc.property(fc.uuid(), place, (id, position) => {
        expect(parseCursor(id as ChatId, cursorWriter(id as ChatId)(position))).toEqual(position);
      }),
    );
  });

  test('[CUR-2] the cursor of another chat, and what is no cursor, name no place', () => {
    const foreign = cursorWriter(newId<ChatId>())({ chatSeq: 3, runSeq: 4 });
    const own = cursorWriter(chatId)({ chatSeq: 3, runSeq: 4 });
    for (const text of [
      foreign,
      '',
      'x',
      `${own}.1`,
      own.replace('.3.', '.-3.'),
      own.replace('.3.', '.3e2.'),
      `${own} `,
    ]) {
      expect(parseCursor(chatId, text)).toBeNull();
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseCursor(chatId, text)).toBeNull();
      }),
    );
  });
});
