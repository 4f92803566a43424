import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { limits } from '../../../../shared/limits.ts';
import { cleanText } from '../../../../shared/text.ts';
import { checkOutputs } from './check-outputs.ts';
import type { CodeJob, CodeOutcome } from './code-job.ts';
import type { QuickJs } from './quickjs-engine.ts';
import { codeFile, sandboxScript } from './sandbox-script.ts';

const outOfMemory = 'it needs more memory than a program may have; let it keep less at once';

const tooDeep = 'it is nested deeper, or calls itself more often, than a program may';

/** The result of a call into the engine, or the outcome that an error is. */
type Called = { readonly value: QuickJSHandle } | { readonly outcome: CodeOutcome };

/**
 * Runs one program in an engine that has run nothing yet, and that is of no use afterwards. What breaks the engine itself,
 * because a program can bring that about, is an outcome too.
 */
export function runProgram(engine: QuickJs, job: CodeJob): CodeOutcome {
  try {
    return new Program(engine).run(job);
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'limit', problem: tooDeep };
    if (error instanceof WebAssembly.RuntimeError) return { kind: 'limit', problem: outOfMemory };
    throw error;
  }
}

class Program {
  readonly #engine: QuickJs;
  readonly #context: QuickJSContext;
  readonly #ours: QuickJSHandle;
  #timeMs = 0;

  constructor(engine: QuickJs) {
    this.#engine = engine;
    this.#context = engine.context;
    this.#ours = this.#context.unwrapResult(this.#context.evalCode(sandboxScript, 'sandbox.js'));
  }

  run({ code, inputs, outputs, timeMs }: CodeJob): CodeOutcome {
    this.#timeMs = timeMs;
    this.#engine.limitTime(timeMs);
    const evaluated = this.#outcomeOf(this.#context.evalCode(code, codeFile, { type: 'global' }));
    if ('outcome' in evaluated) return evaluated.outcome;
    const main = this.#outcomeOf(this.#context.evalCode('typeof main === "function" ? main : undefined', 'sandbox.js'));
    if ('outcome' in main) return main.outcome;
    if (this.#context.typeof(main.value) !== 'function') return wrong('expected it to have a function main(inputs)');
    const returned = this.#call('call', main.value, this.#context.newString(inputs));
    const settled = 'outcome' in returned ? returned : this.#settle(returned.value);
    return 'outcome' in settled ? settled.outcome : this.#tell(settled.value, outputs);
  }

  /** The value of a promise once everything that was begun is done; there is nothing to wait for beyond that. */
  #settle(returned: QuickJSHandle): Called {
    const jobs = this.#outcomeOf(this.#context.runtime.executePendingJobs() as never);
    if ('outcome' in jobs) return jobs;
    if (this.#engine.wasBrokenOff()) return { outcome: this.#tooLong() };
    const state = this.#context.getPromiseState(returned);
    if (state.type === 'fulfilled') return { value: state.value };
    if (state.type === 'rejected') return { outcome: this.#thrown(state.error) };
    return { outcome: wrong('its main waits for something that never comes; nothing in it can wait for the time') };
  }

  #tell(value: QuickJSHandle, outputs: CodeJob['outputs']): CodeOutcome {
    const told = this.#call('tell', value, this.#context.newNumber(limits.codeOutput));
    if ('outcome' in told) return told.outcome;
    const text = this.#context.getString(told.value);
    if (text === '') return { kind: 'limit', problem: outOfMemory };
    if (text.startsWith('l')) {
      return {
        kind: 'limit',
        problem: `what it returned has ${text.slice(1)} characters; at most ${limits.codeOutput}`,
      };
    }
    return checkOutputs(text.startsWith('j') ? JSON.parse(text.slice(1)) : undefined, outputs);
  }

  #call(name: 'call' | 'tell' | 'describe', ...values: QuickJSHandle[]): Called {
    const ours = this.#context.getProp(this.#ours, name);
    return this.#outcomeOf(this.#context.callFunction(ours, this.#context.undefined, ...values));
  }

  #outcomeOf(result: { readonly value: QuickJSHandle } | { readonly error: QuickJSHandle }): Called {
    if ('error' in result && result.error) return { outcome: this.#thrown(result.error) };
    return result as { readonly value: QuickJSHandle };
  }

  #thrown(error: QuickJSHandle): CodeOutcome {
    if (this.#engine.wasBrokenOff()) return this.#tooLong();
    // What the engine throws when there is no memory left for an error. A program that throws it rarely needs much.
    if (this.#context.sameValue(error, this.#context.null) && this.#engine.hasGrown())
      return { kind: 'limit', problem: outOfMemory };
    const ours = this.#context.getProp(this.#ours, 'describe');
    const told = this.#context.callFunction(ours, this.#context.undefined, error);
    if (this.#engine.wasBrokenOff()) return this.#tooLong();
    if (told.error) return { kind: 'limit', problem: outOfMemory };
    return explain(JSON.parse(this.#context.getString(told.value)) as Described);
  }

  #tooLong(): CodeOutcome {
    return { kind: 'limit', problem: tooLong(this.#timeMs) };
  }
}

export function tooLong(timeMs: number): string {
  return `it took longer than ${timeMs} ms; let it do less at once`;
}

interface Described {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

function explain({ name, message, stack }: Described): CodeOutcome {
  const line = new RegExp(`\\b${codeFile.replace('.', '\\.')}:(\\d+)`).exec(stack)?.[1];
  if (message.startsWith('out of memory')) return { kind: 'limit', problem: outOfMemory };
  if (message === 'stack overflow') return { kind: 'limit', problem: tooDeep };
  const what = cleanText([name, message].filter((text) => text !== '').join(': ')) || 'something that cannot be told';
  return { kind: 'threw', what, line: line === undefined ? null : Number(line) };
}

function wrong(problem: string): CodeOutcome {
  return { kind: 'wrong', problem };
}
