import type { WebSocket } from 'ws';

/** Bytes from which on it is worth sending a frame in pieces: each of them is a write of its own. */
const sharedBytes = 16_384;

/**
 * The text of a frame of which the largest piece is shared: an answer of a megabyte that goes to a hundred watchers is
 * encoded once, and waits once for those who do not read.
 */
export class SharedFrame extends Uint8Array {
  readonly pieces: readonly (string | Buffer)[];

  constructor(pieces: readonly (string | Buffer)[]) {
    super(0);
    this.pieces = pieces;
  }
}

/** The events that every watcher gets as the same object, and that have whole answers in them. */
const encoded = new WeakMap<object, Buffer | string>();

/** A frame with one of these events; null for every other, which is encoded as it is. */
export function sharedFrame(frame: unknown): SharedFrame | string | null {
  const tracked = trackedOf(frame);
  if (!tracked) return null;
  const { id, cursor, event } = tracked;
  const body = encoded.get(event) ?? encode(event);
  encoded.set(event, body);
  const place = JSON.stringify(cursor);
  const head = `{"id":${JSON.stringify(id)},"result":{"type":"data","id":${place},"data":{"id":${place},"data":`;
  return typeof body === 'string' ? `${head}${body}}}}` : new SharedFrame([head, body, '}}}']);
}

/** From now on a shared frame is sent over this socket as one message of several fragments, without copying it. */
export function sendSharedFrames(socket: WebSocket): void {
  const send = socket.send.bind(socket) as (data: unknown, options?: { fin: boolean; binary: false }) => void;
  socket.send = (data: unknown) => {
    if (!(data instanceof SharedFrame)) return send(data);
    const last = data.pieces.length - 1;
    for (const [index, piece] of data.pieces.entries()) send(piece, { fin: index === last, binary: false });
  };
}

function encode(event: object): Buffer | string {
  const text = JSON.stringify(event);
  return text.length < sharedBytes ? text : Buffer.from(text);
}

interface Tracked {
  readonly id: unknown;
  readonly cursor: string;
  readonly event: object;
}

function trackedOf(frame: unknown): Tracked | null {
  const { id, result } = frame as { id?: unknown; result?: { type?: unknown; id?: unknown; data?: unknown } };
  if (result?.type !== 'data' || typeof result.id !== 'string') return null;
  const { data: event } = result.data as { data: unknown };
  const isShared = typeof event === 'object' && event !== null && 'type' in event && event.type === 'message.completed';
  return isShared ? { id, cursor: result.id, event } : null;
}
