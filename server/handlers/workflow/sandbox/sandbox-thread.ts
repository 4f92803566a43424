import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { orAborted } from '../../or-aborted.ts';
import type { CodeJob, CodeOutcome } from './code-job.ts';
import { tooLong } from './run-program.ts';

/** Here sources lie beside each other as TypeScript, in the package as JavaScript. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const workerFile = new URL(`./sandbox-worker.${extension}`, import.meta.url);

/**
 * MiB of the thread besides the engine's own memory: the engine's driver, one program's result, and 11 where sources are
 * TypeScript.
 */
const resourceLimits = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4, stackSizeMb: 4 };

/** Milliseconds past its time after which a program is ended from outside. Its engine breaks off most of them itself. */
const graceMs = 100;

const died: CodeOutcome = {
  kind: 'limit',
  problem: 'it needs more memory than a program may have; let it keep less at once',
};

/**
 * A thread with an engine, for one program. It sees neither environment nor arguments of the process, and what it prints
 * goes nowhere. While nobody waits for it, it keeps no process alive. Whoever made it ends it.
 */
export class SandboxThread {
  readonly #worker = new Worker(workerFile, {
    argv: [],
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits,
  });
  readonly #ready = once(this.#worker, 'message');
  readonly #died = new Promise<CodeOutcome>((resolve, reject) => {
    this.#worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(died);
      else reject(error);
    });
    this.#worker.once('exit', () => resolve(died));
  });

  constructor() {
    this.#worker.unref();
    // Whoever waits for it is told.
    this.#ready.catch(() => undefined);
    this.#died.catch(() => undefined);
  }

  /** From now on it keeps the process alive. Errors: when the thread cannot be started; the signal's reason. */
  async ready(signal: AbortSignal): Promise<void> {
    this.#worker.ref();
    await orAborted(Promise.race([this.#ready, this.#died.then(() => Promise.reject(notStarted()))]), signal);
  }

  /** To be called once, when it is ready. Errors: the signal's reason; the program goes on until `end`. */
  async run(job: CodeJob, signal: AbortSignal): Promise<CodeOutcome> {
    const answer = once(this.#worker, 'message').then(([outcome]) => outcome as CodeOutcome);
    answer.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<CodeOutcome>((resolve) => {
      timer = setTimeout(() => resolve({ kind: 'limit', problem: tooLong(job.timeMs) }), job.timeMs + graceMs);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(job);
    try {
      return await orAborted(Promise.race([answer, overdue, this.#died]), signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it, whatever it is doing; twice is once. Resolves when nothing of it is left. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function notStarted(): Error {
  return new Error('the thread of the sandbox ended before it was ready');
}
