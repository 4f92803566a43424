import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, FileId, MessageId, UserId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { FilePart } from '../../shared/message.ts';
import { insertRows } from '../insert-rows.ts';
import { files, messageFiles } from '../schema.ts';
import { isOfUse, noSuchFile } from '../sql-file-records.ts';
import type { Sql } from '../sql.ts';
import type { AnsweredFiles } from '../store.ts';

/** The user's files of these ids, in this order, held until the end of the transaction. Errors: `NOT_FOUND`. */
export async function holdFiles(tx: Sql, userId: UserId, fileIds: readonly FileId[], now: string): Promise<FilePart[]> {
  if (fileIds.length === 0) return [];
  const isOwn = and(inArray(files.id, [...fileIds]), eq(files.ownerId, userId));
  await tx.select({ id: files.id }).from(files).where(isOwn).for('share');
  // Asked again once they are held: what waited for a lock judges by what it saw before.
  const found = await tx
    .select()
    .from(files)
    .where(and(isOwn, isOfUse(tx, now)));
  const byId = new Map(found.map((file) => [file.id, file]));
  return fileIds.map((fileId) => {
    const file = byId.get(fileId);
    if (!file) throw noSuchFile(fileId);
    return { type: 'file', fileId, name: file.name, mediaType: file.mediaType, size: file.size ?? 0 };
  });
}

/** The user's files that an answer names, held until the end of the transaction. Errors: `INVALID_INPUT`, naming the field. */
export async function holdAnswered(
  tx: Sql,
  userId: UserId,
  answered: readonly AnsweredFiles[],
  now: string,
): Promise<Record<string, FilePart[]>> {
  const held: [string, FilePart[]][] = [];
  for (const { field, fileIds } of answered) {
    held.push([field, await holdFiles(tx, userId, fileIds, now).catch(refused(field))]);
  }
  return Object.fromEntries(held);
}

function refused(field: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof SwitchboardError) || error.code !== 'NOT_FOUND') throw error;
    throw new SwitchboardError('INVALID_INPUT', `value.${field}: ${error.message}`);
  };
}

interface AttachedTo {
  readonly chatId: ChatId;
  readonly messageId: MessageId;
}

/** Notes that a message uses files, as parts of a change. Those that it uses already it goes on using. */
export function useFiles({ chatId, messageId }: AttachedTo, attached: readonly FilePart[]): SQL[] {
  if (attached.length === 0) return [];
  const rows = attached.map(({ fileId }) => ({ chatId, messageId, fileId: fileId as FileId }));
  const ids = JSON.stringify(rows.map(({ fileId }) => fileId));
  return [
    sql`${insertRows(messageFiles, rows)} on conflict do nothing`,
    sql`update ${files} set expires_at = null
      where id in (select id::uuid from json_array_elements_text(${ids}::json) as used (id))`,
  ];
}

/**
 * Notes that a chat's queued messages use their files no more, because they ended before they became messages, as parts of
 * a change. What no other message uses stays for as long as after an upload: it may be sent again.
 */
export function releaseFiles(chatId: ChatId, messageIds: readonly MessageId[], now: string): SQL[] {
  const until = new Date(Date.parse(now) + limits.unusedFileMs).toISOString();
  const ids = JSON.stringify(messageIds);
  const ofMessages = sql`chat_id = ${chatId}
    and message_id in (select id::uuid from json_array_elements_text(${ids}::json) as ended (id))`;
  return [
    sql`delete from ${messageFiles} where ${ofMessages}`,
    sql`update ${files} set expires_at = ${until}::timestamptz
      where id in (select file_id from ${messageFiles} where ${ofMessages})`,
  ];
}

export function isSameFiles(one: readonly FilePart[], fileIds: readonly string[]): boolean {
  return one.length === fileIds.length && one.every(({ fileId }, index) => fileId === fileIds[index]);
}
