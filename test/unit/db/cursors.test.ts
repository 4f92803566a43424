import { describe, expect, it } from 'vitest';
import {
  appsCursor,
  chatsCursor,
  historyCursor,
  parseAppsCursor,
  parseChatsCursor,
  parseHistoryCursor,
} from '../../../db/cursors.ts';
import type { AppId, ChatId, MessageId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';

describe('cursors of lists and history', () => {
  it('[STO-19] a cursor names the place it was made for', () => {
    const place = { updatedAt: '2026-03-04T05:06:07.089Z', id: newId<ChatId>() };
    expect(parseChatsCursor(chatsCursor(place))).toEqual(place);
    const id = newId<AppId>();
    expect(parseAppsCursor(appsCursor(id))).toBe(id);
    const message = newId<MessageId>();
    expect(parseHistoryCursor(historyCursor(message))).toBe(message);
  });

  it('[STO-19] a cursor of something else, a changed one and nonsense are INVALID_INPUT', () => {
    const wrong = [historyCursor(newId<MessageId>()), `${appsCursor(newId<AppId>())} `, '', 'ä', '\0', 'x'.repeat(500)];
    for (const cursor of wrong) {
      expect(() => parseChatsCursor(cursor)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    }
    expect(() => parseHistoryCursor('x'.repeat(500))).toThrow(/got "x{40}"; leave it out/);
  });
});
