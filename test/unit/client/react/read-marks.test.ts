import { expect, test, vi } from 'vitest';
import { ReadMarks } from '../../../../client/react/read-marks.ts';
import type { MessageId, RunId } from '../../../../shared/ids.ts';
import { newId } from '../../../../shared/new-id.ts';
import { chatOf } from './fake-client.ts';

const later = '2027-01-01T00:00:00.000Z';

function setUp() {
  const heard = vi.fn<() => void>();
  return { heard, marks: new ReadMarks(heard) };
}

test('[RCT-19] a chat that is met for the first time is read', () => {
  const { marks, heard } = setUp();
  const chat = chatOf({ leafMessageId: newId<MessageId>() });
  marks.notice(chat);
  marks.notice(chat);
  expect(marks.isUnread(chat.id)).toBe(false);
  expect(heard).not.toHaveBeenCalled();
});

test('[RCT-19] an answer that was seen beginning and ended unseen is unread until it is looked at', () => {
  const { marks, heard } = setUp();
  const chat = chatOf({ activeRunId: newId<RunId>() });
  marks.look(chat);
  marks.notice(chat);
  expect(marks.isUnread(chat.id)).toBe(false);
  const next = { ...chat, activeRunId: newId<RunId>() };
  marks.notice(next);
  marks.notice({ ...next, activeRunId: null });
  expect(marks.isUnread(chat.id)).toBe(true);
  expect(heard).toHaveBeenCalledTimes(1);
  marks.look(next);
  expect(marks.isUnread(chat.id)).toBe(false);
  expect(heard).toHaveBeenCalledTimes(2);
});

test('[RCT-19] what was said and answered unseen is unread, once the answer has ended', () => {
  const { marks } = setUp();
  const chat = chatOf();
  marks.look(chat);
  const answered = { ...chat, leafMessageId: newId<MessageId>(), updatedAt: later };
  marks.notice({ ...answered, activeRunId: newId<RunId>() });
  expect(marks.isUnread(chat.id)).toBe(false);
  marks.notice(answered);
  expect(marks.isUnread(chat.id)).toBe(true);
});

test('[RCT-19] a new title, an archived chat and an answer of the server from before are no news', () => {
  const { marks } = setUp();
  const seen = chatOf({ leafMessageId: newId<MessageId>(), updatedAt: later });
  marks.look(seen);
  marks.notice({ ...seen, title: 'Another', archivedAt: later, updatedAt: '2028-01-01T00:00:00.000Z' });
  marks.notice({ ...seen, leafMessageId: null, updatedAt: seen.createdAt });
  expect(marks.isUnread(seen.id)).toBe(false);
});
