import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';
import type { QuickJSContext, QuickJSSyncVariant } from 'quickjs-emscripten-core';

/** Its types are those of its CommonJS module, in which the variant is one level deeper; what Node imports is the other. */
const release = variant as unknown as QuickJSSyncVariant;

const pageBytes = 65_536;

/** Of the engine with everything in it; WebAssembly itself refuses more. With the heap of its thread less than 64 MiB. */
const memoryBytes = 32 * 1_048_576;

/** What the engine cannot run with less than. */
const firstBytes = 16 * 1_048_576;

/** Small enough that deep recursion is an error inside the engine, and not of the stack below it. */
const stackBytes = 262_144;

/** An engine with nothing but the language: no module can be loaded, and nothing of ours is called from inside. */
export interface QuickJs {
  readonly context: QuickJSContext;
  /** From now on whatever runs is broken off after so many milliseconds; what runs then cannot catch it. */
  limitTime(ms: number): void;
  /** Whether that has happened. */
  wasBrokenOff(): boolean;
  /** Whether it has needed more memory than it began with. */
  hasGrown(): boolean;
}

/** A new engine with a memory of its own. It is used for one program and then thrown away with its thread. */
export async function startQuickJs(): Promise<QuickJs> {
  const wasmMemory = new WebAssembly.Memory({ initial: firstBytes / pageBytes, maximum: memoryBytes / pageBytes });
  const module = await newQuickJSWASMModuleFromVariant(newVariant(release, { wasmMemory }));
  const runtime = module.newRuntime({ maxStackSizeBytes: stackBytes });
  let deadline = Number.POSITIVE_INFINITY;
  let wasBrokenOff = false;
  runtime.setInterruptHandler(() => {
    wasBrokenOff ||= performance.now() > deadline;
    return wasBrokenOff;
  });
  return {
    context: runtime.newContext(),
    limitTime: (ms) => {
      deadline = performance.now() + ms;
    },
    wasBrokenOff: () => wasBrokenOff,
    hasGrown: () => wasmMemory.buffer.byteLength > firstBytes,
  };
}
