import { describe, expect, test } from 'vitest';
import { groupsOf } from '../../../../client/web/list/chat-groups.ts';
import { midnightOf } from '../../../../client/web/list/today.ts';

describe('the groups of the list', () => {
  const now = new Date(2026, 2, 30, 0, 30);
  const chat = (...date: [number, number, number, number]) => ({ updatedAt: new Date(...date).toISOString() });

  test('[PAGE-35] chats are under the days on which they were last active', () => {
    const chats = [
      chat(2026, 2, 30, 0),
      chat(2026, 2, 29, 23),
      chat(2026, 2, 29, 0),
      chat(2026, 2, 28, 23),
      chat(2026, 2, 24, 0),
      chat(2026, 2, 23, 12),
      chat(2026, 1, 28, 12),
      chat(2025, 11, 24, 12),
    ];
    const groups = groupsOf(chats, midnightOf(now));
    expect(groups.map(({ title, chats }) => [title, chats.length])).toEqual([
      ['Today', 1],
      ['Yesterday', 2],
      ['Last 7 days', 2],
      ['Last 30 days', 1],
      ['Earlier', 2],
    ]);
    expect(groups.flatMap((group) => group.chats)).toEqual(chats);
  });

  test('[PAGE-35] a chat from a clock that is ahead counts as of today', () => {
    expect(groupsOf([chat(2026, 2, 31, 12)], midnightOf(now)).map(({ title }) => title)).toEqual(['Today']);
  });
});
