import { SwitchboardError } from '../../shared/errors.ts';
import { unitsPerToken } from '../../shared/estimate-tokens.ts';
import { fileKind } from '../../shared/file-types.ts';
import { limits } from '../../shared/limits.ts';
import { filesOf, textOf } from '../../shared/message.ts';
import type { FilePart, Message } from '../../shared/message.ts';
import { cleanText, cutText, fenced } from '../../shared/text.ts';
import type { HandlerRun } from './handler.ts';
import { imageBlock } from './image-block.ts';
import type { ImageBlock } from './image-block.ts';
import type { ResolvedModel } from './models.ts';

type Asked = Pick<HandlerRun, 'text' | 'attachments' | 'readFile'>;

/** What a model is given of a conversation with files. */
export interface WithFiles {
  /** What is to be answered, with what its text files say. */
  readonly text: string;
  readonly images: readonly ImageBlock[];
  /** Earlier messages, with what their text files say in their text. */
  readonly history: readonly Message[];
  /** The images of earlier messages that are shown again, by file. */
  readonly earlierImages: ReadonlyMap<string, ImageBlock>;
}

/** Of what the model takes: files of earlier messages take no more. */
const earlierShare = 1 / 2;

/** How much more of the files of earlier messages is told. */
interface Room {
  units: number;
  imageBytes: number;
  images: number;
}

/**
 * Reads the files of a message and of those before it, the newest first, as far as there is room for them: what is older is
 * told by its name.
 *
 * Errors: `MODEL_BAD_REQUEST` for an image that the model does not take, `CONTEXT_TOO_LONG` for more than a request holds,
 * `NOT_FOUND` when a file of the message is gone.
 */
export async function withFiles(run: Asked, model: ResolvedModel, history: readonly Message[]): Promise<WithFiles> {
  const images = run.attachments.filter(isImage);
  expectImagesTaken(images, model);
  const shown = await Promise.all(images.map((file) => readImage(run, file)));
  const text = await withTextFiles(run);
  const room: Room = {
    units: model.inputTokens * earlierShare * unitsPerToken,
    imageBytes: model.images === true ? limits.requestImageBytes - bytesOf(images) : 0,
    images: Math.floor((model.inputTokens * earlierShare) / limits.imageTokens),
  };
  const earlierImages = new Map<string, ImageBlock>();
  const told: Message[] = [];
  for (const message of history.toReversed()) {
    told.unshift(message.role === 'user' ? await again(message, run, room, earlierImages) : message);
  }
  return { text, images: shown, history: told, earlierImages };
}

/** What was written and what the text files say; for whatever is asked with text alone. */
export async function withTextFiles({ text, attachments, readFile }: Asked): Promise<string> {
  const said = [text];
  let room = limits.fileText;
  for (const file of attachments.filter((one) => !isImage(one))) {
    const content = textOfFile(await readFile(file.fileId));
    const shown = cutText(content, room);
    room -= shown.length;
    said.push(told(file, shown, content.length));
  }
  return joined(said);
}

/** A file for those who are told of it as data; `text`: what it says, of text files only. */
export interface ToldFile extends Omit<FilePart, 'type'> {
  readonly text?: string;
}

/**
 * Files with what those of text say, up to `limits.fileText` of all together and cut with a mark. Errors: `NOT_FOUND` when one
 * is gone.
 */
export async function withTexts(files: readonly FilePart[], readFile: Asked['readFile']): Promise<ToldFile[]> {
  const said: ToldFile[] = [];
  let room = limits.fileText;
  for (const { fileId, name, mediaType, size } of files) {
    const file = { fileId, name, mediaType, size };
    const content = isImage(file) ? null : textOfFile(await readFile(fileId));
    const shown = cutText(content ?? '', room);
    room -= shown.length;
    said.push({ ...file, ...(content !== null && { text: `${shown}${cutMark(shown, content.length)}` }) });
  }
  return said;
}

export function isImage({ mediaType }: Pick<FilePart, 'mediaType'>): boolean {
  return fileKind(mediaType) === 'image';
}

function expectImagesTaken(images: readonly FilePart[], { id, images: takesImages }: ResolvedModel): void {
  if (images.length === 0) return;
  const names = images.map(({ name }) => JSON.stringify(name)).join(', ');
  if (takesImages !== true) {
    const fix =
      'choose one that does, or send the message without it; one that does though nobody can tell goes into IMAGE_MODELS';
    throw new SwitchboardError('MODEL_BAD_REQUEST', `${id} takes no images, and the message has ${names}; ${fix}`);
  }
  const bytes = bytesOf(images);
  if (bytes <= limits.requestImageBytes) return;
  const message = `expected images of at most ${limits.requestImageBytes} bytes together, got ${bytes}: ${names}; send fewer at once`;
  throw new SwitchboardError('CONTEXT_TOO_LONG', message);
}

/** An earlier message with as much of its files as there is still room for. */
async function again(message: Message, run: Asked, room: Room, shown: Map<string, ImageBlock>): Promise<Message> {
  const files = filesOf(message);
  if (files.length === 0) return message;
  const said = [textOf(message)];
  for (const file of files) {
    const image = isImage(file) ? await imageAgain(file, run, room) : null;
    if (image) shown.set(file.fileId, image);
    else said.push(isImage(file) ? notShown(file) : await textAgain(file, run, room));
  }
  const text = joined(said);
  return { ...message, parts: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...files.filter(isImage)] };
}

async function imageAgain(file: FilePart, run: Asked, room: Room): Promise<ImageBlock | null> {
  if (room.images === 0 || room.imageBytes < file.size) return null;
  room.images -= 1;
  room.imageBytes -= file.size;
  return readImage(run, file).catch(gone);
}

async function textAgain(file: FilePart, { readFile }: Asked, room: Room): Promise<string> {
  if (room.units <= 0) return notShown(file);
  const bytes = await readFile(file.fileId).catch(gone);
  if (bytes === null) return notShown(file);
  const content = textOfFile(bytes);
  const shown = cutText(content, Math.min(room.units, limits.fileText));
  room.units -= shown.length;
  return told(file, shown, content.length);
}

/** What was deleted since is no reason not to answer. */
function gone(error: unknown): null {
  if (error instanceof SwitchboardError && error.code === 'NOT_FOUND') return null;
  throw error;
}

async function readImage({ readFile }: Asked, { fileId, mediaType }: FilePart): Promise<ImageBlock> {
  return imageBlock(mediaType, await readFile(fileId));
}

function textOfFile(bytes: Uint8Array): string {
  return cleanText(new TextDecoder().decode(bytes));
}

function told({ name, mediaType }: FilePart, shown: string, length: number): string {
  return `File ${JSON.stringify(name)} (${mediaType}):\n${fenced(shown)}${cutMark(shown, length)}`;
}

function cutMark(shown: string, length: number): string {
  return shown.length < length ? `\n[cut: the first ${shown.length} of ${length} characters]` : '';
}

function notShown(file: FilePart): string {
  return `[${isImage(file) ? 'image' : 'file'} ${JSON.stringify(file.name)}, not shown here]`;
}

function joined(said: readonly string[]): string {
  return said.filter((text) => text !== '').join('\n\n');
}

function bytesOf(files: readonly FilePart[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
