import { SwitchboardError, unreachable } from '../../../../shared/errors.ts';
import { limits } from '../../../../shared/limits.ts';
import type { Limits } from '../../../../shared/limits.ts';
import type { CodeOutcome, DeclaredOutput } from './code-job.ts';
import { Places } from './places.ts';
import { SandboxThread } from './sandbox-thread.ts';

/** The program of a node. */
export interface CodeRun {
  readonly nodeId: string;
  /** Whose run it is; the programs of others do not wait behind all of theirs. */
  readonly owner: string;
  /** JavaScript with a `function main(inputs)`, which may be async, and returns an object. */
  readonly code: string;
  /** JSON. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly DeclaredOutput[];
}

type CodeLimits = Pick<Limits, 'codeMs' | 'codeRuns' | 'codeWaitMs'>;

/**
 * Runs programs of people: JavaScript and nothing else, without network, files, process or clock to wait for, with less
 * than 64 MiB, each in an engine and on a thread of its own, which is ended with it. What goes in and comes out is JSON.
 *
 * A few run at once; others wait, those of each owner behind their own. One thread more is kept ready, because to start one takes longer than most programs.
 */
export class CodeSandbox {
  readonly #limits: CodeLimits;
  readonly #places: Places;
  readonly #closed = new AbortController();
  readonly #ending = new Set<Promise<void>>();
  #spare: SandboxThread | null = null;

  constructor(own: CodeLimits = limits) {
    this.#limits = own;
    this.#places = new Places(own.codeRuns);
  }

  /**
   * The declared outputs of a program. When `signal` aborts it throws its reason at once, and the program is ended.
   *
   * Errors, each naming the node: `TOOL_FAILED` when the program throws, with its line; `WORKFLOW_INVALID` when it is not what
   * was declared; `WORKFLOW_LIMIT` when it takes too long, too much or gives too much, or finds no place in time.
   */
  async run({ nodeId, owner, code, inputs, outputs }: CodeRun, signal: AbortSignal): Promise<Record<string, unknown>> {
    const text = JSON.stringify(inputs);
    if (text.length > limits.codeInput) throw tooMuchInput(nodeId, text.length);
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    const { thread, leave } = await this.#take({ nodeId, owner }, ended);
    try {
      const job = { code, inputs: text, outputs, timeMs: this.#limits.codeMs };
      return outputsOf(nodeId, await thread.run(job, ended));
    } finally {
      this.#end(thread, leave);
    }
  }

  /** Ends whatever runs or waits. Resolves when no thread is left. */
  async close(): Promise<void> {
    this.#closed.abort(new SwitchboardError('UNAVAILABLE', 'the server is stopping'));
    if (this.#spare) this.#end(this.#spare, () => undefined);
    this.#spare = null;
    await Promise.all(this.#ending);
  }

  async #take(
    { nodeId, owner }: Pick<CodeRun, 'nodeId' | 'owner'>,
    ended: AbortSignal,
  ): Promise<{ thread: SandboxThread; leave: () => void }> {
    const patience = AbortSignal.timeout(this.#limits.codeWaitMs);
    const signal = AbortSignal.any([ended, patience]);
    try {
      const leave = await this.#places.take(owner, signal);
      const thread = this.#spare ?? new SandboxThread();
      this.#spare = null;
      try {
        await thread.ready(signal);
      } catch (error) {
        this.#end(thread, leave);
        throw error;
      }
      this.#spare ??= new SandboxThread();
      return { thread, leave };
    } catch (error) {
      ended.throwIfAborted();
      throw patience.aborted ? busy(nodeId, this.#limits.codeWaitMs) : error;
    }
  }

  /** Its place is free when nothing of it is left. */
  #end(thread: SandboxThread, leave: () => void): void {
    const ending = thread.end().finally(() => {
      leave();
      this.#ending.delete(ending);
    });
    this.#ending.add(ending);
  }
}

function outputsOf(nodeId: string, outcome: CodeOutcome): Record<string, unknown> {
  const code = `the code of node ${nodeId}`;
  switch (outcome.kind) {
    case 'done':
      return JSON.parse(outcome.outputs) as Record<string, unknown>;
    case 'threw':
      throw new SwitchboardError('TOOL_FAILED', `${code} failed${lineWords(outcome.line)}: ${outcome.what}`);
    case 'wrong':
      throw new SwitchboardError('WORKFLOW_INVALID', `${code} cannot be used: ${outcome.problem}`);
    case 'limit':
      throw new SwitchboardError('WORKFLOW_LIMIT', `${code} was ended: ${outcome.problem}`);
    default:
      return unreachable(outcome);
  }
}

function lineWords(line: number | null): string {
  return line === null ? '' : ` in line ${line}`;
}

function tooMuchInput(nodeId: string, length: number): SwitchboardError {
  const message = `the inputs of node ${nodeId} have ${length} characters as JSON; at most ${limits.codeInput}`;
  return new SwitchboardError('WORKFLOW_LIMIT', `${message}; give its code less`);
}

function busy(nodeId: string, waitMs: number): SwitchboardError {
  const message = `the code of node ${nodeId} found no place within ${waitMs} ms, because of other programs`;
  return new SwitchboardError('WORKFLOW_LIMIT', `${message}; run it again later`);
}
