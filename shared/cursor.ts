import type { ChatId } from './ids.ts';

/**
 * A place in what a chat's stream yields: after which entry of the chat log, and how far into the log of the run that
 * is active there. Which run that is follows from `chatSeq`, because a chat has one active run at a time.
 */
export interface Position {
  readonly chatSeq: number;
  /** UTF-16 units and events of the active run that were delivered; 0 where no run is active. */
  readonly runSeq: number;
}

const tagLength = 22;

/** The chat's id in 22 characters instead of 36: every frame carries its cursor twice. */
function tagOf(chatId: ChatId): string {
  const bytes = chatId.replaceAll('-', '').match(/../g) ?? [];
  const binary = String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16)));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').slice(0, tagLength);
}

/** Makes this chat's cursors. One for each stream, so that the tag is worked out once and not for every frame. */
export function cursorWriter(chatId: ChatId): (position: Position) => string {
  const tag = tagOf(chatId);
  return ({ chatSeq, runSeq }) => `${tag}.${chatSeq}.${runSeq}`;
}

/** The place that a cursor names in this chat; null when it is another chat's or no cursor at all. */
export function parseCursor(chatId: ChatId, cursor: string): Position | null {
  const match = /^([\w-]{22})\.(\d{1,15})\.(\d{1,15})$/.exec(cursor);
  if (match?.[1] !== tagOf(chatId)) return null;
  return { chatSeq: Number(match[2]), runSeq: Number(match[3]) };
}
