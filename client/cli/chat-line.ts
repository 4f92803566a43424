import type { Chat } from '../../shared/chat.ts';

/** What tells one chat from another, on one line: when something was last said, its title, and how it is. */
export function chatLine({ activeRunId, archivedAt, title, updatedAt }: Chat): string {
  const marks = [activeRunId !== null && 'answering', archivedAt !== null && 'archived'].filter(Boolean);
  const name = title?.replaceAll(/\s+/g, ' ') ?? 'untitled';
  return `${localTime(updatedAt)}  ${name}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}

/** `2026-01-31 18:05`, where the reader is. */
function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
