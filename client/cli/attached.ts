import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Attachment } from '../index.ts';
import { Refused } from './ending.ts';
import type { Session } from './session.ts';

/** Uploads files of this machine, one after the other. Errors: `Refused` for what cannot be read; the server's. */
export async function attachFiles(
  { client, gone, screen }: Session,
  paths: readonly string[],
  option: string,
): Promise<Attachment[]> {
  if (paths.length === 0) return [];
  const attachments: Attachment[] = [];
  const { fileBytes, filesPerMessage } = (await client.api.server.info.query()).limits;
  if (filesPerMessage !== undefined && paths.length > filesPerMessage)
    throw new Refused(`${option}: expected at most ${filesPerMessage} files with a message, got ${paths.length}`);
  for (const path of paths) {
    const data = await bytesOf(path, fileBytes ?? Infinity, option);
    const attachment = await client.upload({ name: basename(path), data }, { signal: gone });
    screen.notice(`file ${attachment.name} (${attachment.mediaType}, ${attachment.size} bytes)`);
    attachments.push(attachment);
  }
  return attachments;
}

async function bytesOf(path: string, most: number, option: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await stat(path);
    if (size > most) throw new Error(`expected at most ${most} bytes, got ${size}`);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new Refused(`${option}: ${path}: ${(error as Error).message}`);
  }
}
