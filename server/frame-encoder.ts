import { jsonEncoder } from '@trpc/server/adapters/ws';
import type { Encoder } from '@trpc/server/adapters/ws';
import { SwitchboardError } from '../shared/errors.ts';
import { countCalls } from './count-calls.ts';
import { checkCall } from './frame-check.ts';
import { sharedFrame } from './shared-frame.ts';

/** Answers a call that is not let through; null: a frame of which no call can be named. */
export type RefuseCall = (id: number | string | null, error: SwitchboardError) => void;

/**
 * JSON, but only calls that can be served come through: each malformed one is answered under its own id, and the others
 * of its frame are served.
 *
 * A frame of too many calls is refused whole. Each call is answered, so that nobody waits in vain, unless they are far
 * too many: to read and answer a hundred thousand would hold up everybody else for a second.
 */
export function frameEncoder(callsPerFrame: number, refuse: RefuseCall): Encoder {
  const readCalls = callsPerFrame * 2;
  return {
    encode: (frame) => sharedFrame(frame) ?? jsonEncoder.encode(frame),
    decode: (data) => {
      if (typeof data === 'string' && countCalls(data, readCalls) > readCalls) {
        refuse(null, tooMany(callsPerFrame, `more than ${readCalls}`));
        return [];
      }
      const frame: unknown = jsonEncoder.decode(data);
      if (!Array.isArray(frame)) return served([frame], refuse).length === 1 ? frame : [];
      // An empty one is no frame of calls; what is left to serve may be none.
      if (frame.length === 0) throw new Error('expected at least one call in a frame');
      if (frame.length <= callsPerFrame) return served(frame, refuse);
      refuseAll(frame, callsPerFrame, refuse);
      return [];
    },
  };
}

function served(calls: readonly unknown[], refuse: RefuseCall): unknown[] {
  return calls.filter((call) => {
    const checked = checkCall(call);
    if (checked.kind === 'malformed') refuse(checked.id, new SwitchboardError('INVALID_INPUT', checked.message));
    return checked.kind === 'call';
  });
}

function refuseAll(calls: readonly unknown[], limit: number, refuse: RefuseCall): void {
  const error = tooMany(limit, String(calls.length));
  const ids = calls.flatMap((call) => idOf(call) ?? []);
  if (ids.length === 0) refuse(null, error);
  for (const id of ids) refuse(id, error);
}

function tooMany(limit: number, came: string): SwitchboardError {
  const message = `expected at most ${limit} calls in a frame, got ${came}`;
  return new SwitchboardError('TOO_LARGE', message, { details: { limit } });
}

function idOf(call: unknown): number | string | null {
  const id: unknown = typeof call === 'object' && call !== null && 'id' in call ? call.id : null;
  return typeof id === 'number' || typeof id === 'string' ? id : null;
}
