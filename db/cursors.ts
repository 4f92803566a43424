import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, ChatId, MessageId } from '../shared/ids.ts';

/**
 * Places in lists and in a chat's history. Opaque outside of this file: base64url of a letter for what is listed and
 * the values that its order goes by.
 */

const uuid = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';
const shapes = {
  chats: new RegExp(`^c(\\d{1,13})\\.(${uuid})$`),
  apps: new RegExp(`^a(${uuid})$`),
  history: new RegExp(`^h(${uuid})$`),
  feedback: new RegExp(`^f(\\d{1,13})\\.(${uuid})$`),
  versions: /^v(\d{1,9})$/,
};

function seal(place: string): string {
  return Buffer.from(place).toString('base64url');
}

export function wrongCursor(cursor: string): SwitchboardError {
  const came = JSON.stringify(cursor.slice(0, 40));
  const message = `cursor: expected a nextCursor of an earlier page, got ${came}; leave it out to begin with the first page`;
  return new SwitchboardError('INVALID_INPUT', message);
}

function unseal(kind: keyof typeof shapes, cursor: string): RegExpExecArray {
  const match = shapes[kind].exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match && seal(match[0]) === cursor) return match;
  throw wrongCursor(cursor);
}

/** The last chat of a page. `updatedAt` as ISO 8601. */
export interface ChatPlace {
  readonly updatedAt: string;
  readonly id: ChatId;
}

export function chatsCursor({ updatedAt, id }: ChatPlace): string {
  return seal(`c${Date.parse(updatedAt)}.${id}`);
}

/** Errors: `INVALID_INPUT`, as for all of these. */
export function parseChatsCursor(cursor: string): ChatPlace {
  const [, milliseconds, id] = unseal('chats', cursor);
  return { updatedAt: new Date(Number(milliseconds)).toISOString(), id: id as ChatId };
}

export function appsCursor(id: AppId): string {
  return seal(`a${id}`);
}

export function parseAppsCursor(cursor: string): AppId {
  return unseal('apps', cursor)[1] as AppId;
}

/** The newest message of the next page: the parent of the oldest one that was returned. */
export function historyCursor(id: MessageId): string {
  return seal(`h${id}`);
}

export function parseHistoryCursor(cursor: string): MessageId {
  return unseal('history', cursor)[1] as MessageId;
}

/** The oldest version of an assistant that was returned. */
export function versionsCursor(version: number): string {
  return seal(`v${version}`);
}

export function parseVersionsCursor(cursor: string): number {
  return Number(unseal('versions', cursor)[1]);
}

/** The last comment of a page; `at` as ISO 8601. */
export function feedbackCursor(at: string, id: string): string {
  return seal(`f${Date.parse(at)}.${id}`);
}

export function parseFeedbackCursor(cursor: string): { at: string; id: string } {
  const [, milliseconds, id = ''] = unseal('feedback', cursor);
  return { at: new Date(Number(milliseconds)).toISOString(), id };
}
