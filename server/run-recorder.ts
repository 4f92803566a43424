import type { RunProgress, Slice, Store } from '../db/store.ts';
import type { NodeProgress } from '../shared/node-progress.ts';
import type { Run } from './run.ts';

/** A partial answer is kept up to here when the process dies: the interval, and the write itself. */
const flushEveryMs = 200;

/** What of a run is written: up to which place of its log, and how far its nodes had come. */
interface Recorded {
  readonly end: number;
  readonly progress: readonly NodeProgress[];
}

/**
 * Writes what runs produce, a little behind: one more reader of their logs, and one statement for all of them together.
 *
 * A run's end writes the whole answer by itself, so what was not yet written then need not be. While the database is
 * away nothing is lost: the logs are still in memory, and the next flush takes up where the last good one ended.
 */
export class RunRecorder {
  readonly #store: Pick<Store, 'record'>;
  readonly #onError: (error: unknown) => void;
  readonly #recorded = new Map<Run, Recorded>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;

  constructor(store: Pick<Store, 'record'>, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  add(run: Run): void {
    this.#recorded.set(run, { end: 0, progress: run.log.progress });
    this.#timer ??= setInterval(() => void this.flush(), flushEveryMs);
  }

  remove(run: Run): void {
    this.#recorded.delete(run);
    if (this.#recorded.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** One at a time: a slow database makes slices longer, not flushes more. Never rejects. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const next = new Map<Run, Recorded>();
    const slices: Slice[] = [];
    const told: RunProgress[] = [];
    for (const [run, { end, progress }] of this.#recorded) {
      if (run.log.progress !== progress) told.push(progressOf(run));
      next.set(run, { progress: run.log.progress, end: collect(run, end, slices) });
    }
    if (slices.length === 0 && told.length === 0) return;
    try {
      await this.#store.record(slices, told);
    } catch (error) {
      this.#onError(error);
      return;
    }
    for (const [run, recorded] of next) if (this.#recorded.has(run)) this.#recorded.set(run, recorded);
  }
}

function progressOf({ log, started }: Run): RunProgress {
  return { runId: log.runId, attempt: started.attempt, nodes: log.nodes() ?? [] };
}

/** Adds what the run produced after a place; returns the place after it. */
function collect(run: Run, after: number, slices: Slice[]): number {
  const { runId } = run.log;
  const { attempt } = run.started;
  let seq = after;
  for (let step = run.log.next(seq, Infinity); step; step = run.log.next(seq, Infinity)) {
    const { event } = step;
    if (event.type === 'message.delta') {
      const { part, kind, offset, text } = event;
      slices.push({ runId, attempt, seq, part, content: { kind, offset, text } });
    } else if (event.type === 'message.part') {
      slices.push({ runId, attempt, seq, part: event.part, content: { value: event.value } });
    }
    seq = step.seq;
  }
  return seq;
}
