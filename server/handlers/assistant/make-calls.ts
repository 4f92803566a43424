import { limits } from '../../../shared/limits.ts';
import type { ToolPart } from '../../../shared/message.ts';
import type { HandlerEvent, HandlerRun } from '../handler.ts';
import { toolError, toolOutput } from '../tools/tool-output.ts';
import { orAborted } from '../or-aborted.ts';
import type { ReadyCall } from './tool-call.ts';

interface MakeOptions {
  readonly run: Pick<HandlerRun, 'tools' | 'userId'>;
  readonly signal: AbortSignal;
  /** Milliseconds from one sign of life to the next. */
  readonly aliveMs: number;
}

/**
 * Makes calls, all at once. Each part is shown as its call ends, and returned in the order of the calls.
 *
 * A call that fails is a result like any other. When `signal` aborts it throws, whatever the tools do then; a call that
 * takes too long has failed when it is read-only, and is `uncertain` when not.
 */
export async function* makeCalls(
  calls: readonly ReadyCall[],
  { run, signal, aliveMs }: MakeOptions,
): AsyncGenerator<HandlerEvent, ToolPart[]> {
  if (calls.length === 0) return [];
  await run.tools.start(
    calls.map(({ part }) => ({ id: part.toolCallId, input: part.input, readOnly: part.readOnly ?? false })),
  );
  signal.throwIfAborted();
  const ended = new Map<ReadyCall, ToolPart>();
  const left = new AbortController();
  const stop = AbortSignal.any([signal, left.signal]);
  const open = new Map(
    calls.map((call) => [call, makeCall(call, run.userId, stop).then((part) => ({ call, part }))] as const),
  );
  const pulse = new Pulse(aliveMs, signal);
  try {
    while (open.size > 0) {
      signal.throwIfAborted();
      const next = await Promise.race([...open.values(), pulse.next()]);
      signal.throwIfAborted();
      if (next === null) yield { type: 'alive' };
      else {
        open.delete(next.call);
        ended.set(next.call, next.part);
        await run.tools.settle([resultOf(next.part)]);
        yield partEvent(next.part);
      }
    }
  } finally {
    pulse.stop();
    left.abort();
  }
  return calls.map((call) => ended.get(call) ?? call.part);
}

export function partEvent(part: ToolPart): HandlerEvent {
  return { type: 'part', key: part.toolCallId, value: part };
}

export function resultOf({ toolCallId: id, state, input, output, error }: ToolPart) {
  return { id, state: state === 'running' ? ('uncertain' as const) : state, input, output, error };
}

/** Never rejects. It ends with its time, whether the tool listens to its signal or not. */
async function makeCall(
  { offered, part, input, idempotencyKey = part.toolCallId }: ReadyCall,
  userId: HandlerRun['userId'],
  run: AbortSignal,
): Promise<ToolPart> {
  const ms = offered.tool.timeoutMs ?? limits.toolMs;
  const own = new AbortController();
  const abort = () => own.abort(run.reason);
  run.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => own.abort(new Error(`it took longer than ${ms} ms`)), ms);
  const start = performance.now();
  try {
    const context = { signal: own.signal, idempotencyKey, userId };
    const work = (async () => toolOutput(await offered.tool.execute(input, context)))();
    const output = await orAborted(work, own.signal);
    return { ...part, state: 'done', output, durationMs: since(start) };
  } catch (error) {
    const brokenOff = own.signal.aborted && part.readOnly !== true;
    return { ...part, state: brokenOff ? 'uncertain' : 'failed', error: toolError(error), durationMs: since(start) };
  } finally {
    clearTimeout(timer);
    run.removeEventListener('abort', abort);
  }
}

function since(start: number): number {
  return Math.round(performance.now() - start);
}

/** Beats until it is stopped, and once more when the signal aborts. */
class Pulse {
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #beat = Promise.withResolvers<null>();

  constructor(ms: number, signal: AbortSignal) {
    this.#signal = signal;
    this.#timer = setInterval(this.#strike, ms);
    signal.addEventListener('abort', this.#strike, { once: true });
  }

  next(): Promise<null> {
    return this.#beat.promise;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#signal.removeEventListener('abort', this.#strike);
  }

  readonly #strike = (): void => {
    const struck = this.#beat;
    this.#beat = Promise.withResolvers();
    struck.resolve(null);
  };
}
