import { jsonEncoder } from '@trpc/server/adapters/ws';
import type { Encoder } from '@trpc/server/adapters/ws';

/**
 * JSON, but a frame of far too many calls is not looked at any further. tRPC answers each call of a batch that is too
 * large, so that nobody waits in vain; for a hundred thousand of them that would hold up everybody else for a second.
 */
export function frameEncoder(callsPerFrame: number): Encoder {
  return {
    encode: (frame) => jsonEncoder.encode(frame),
    decode: (data) => {
      const frame: unknown = jsonEncoder.decode(data);
      if (Array.isArray(frame) && frame.length > callsPerFrame * 2) {
        throw new Error(`expected at most ${callsPerFrame} calls in a frame, got ${frame.length}`);
      }
      for (const call of Array.isArray(frame) ? frame : [frame]) dropNullCursor(call);
      return frame;
    },
  };
}

/** `lastEventId: null` means none, as it does in the input; tRPC takes only text there and would answer nobody. */
function dropNullCursor(call: unknown): void {
  const params: unknown = typeof call === 'object' && call !== null && 'params' in call ? call.params : null;
  if (typeof params === 'object' && params !== null && 'lastEventId' in params && params.lastEventId === null) {
    delete params.lastEventId;
  }
}
