import type { ListedChat } from '../../shared/listed-chat.ts';

const statusWords: Readonly<Record<ListedChat['status'], string | false>> = {
  idle: false,
  running: 'answering',
  waiting: 'waits for you',
  queued: 'waits for its turn',
};

/** What tells one chat from another, on one line: when something was last said, its title, and how it is. */
export function chatLine({ archivedAt, status, title, unread, updatedAt }: ListedChat): string {
  const marks = [statusWords[status], unread && 'new answer', archivedAt !== null && 'archived'].filter(Boolean);
  const name = title?.replaceAll(/\s+/g, ' ') ?? 'untitled';
  return `${localTime(updatedAt)}  ${name}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}

/** `2026-01-31 18:05`, where the reader is. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
