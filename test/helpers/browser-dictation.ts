import type { ProviderChunk } from './model-provider.ts';

/** An answer of the provider double that is said word by word when the test says so. */
export interface Dictation {
  say(...chunks: ProviderChunk[]): void;
  end(): void;
  /** For the double; ends early when `signal` aborts. */
  chunks(signal: AbortSignal): AsyncIterable<ProviderChunk>;
}

export function dictation(): Dictation {
  const said: ProviderChunk[] = [];
  let isOver = false;
  let wake = (): void => {};
  return {
    say(...chunks) {
      said.push(...chunks);
      wake();
    },
    end() {
      isOver = true;
      wake();
    },
    async *chunks(signal) {
      signal.addEventListener('abort', () => wake(), { once: true });
      for (let next = 0; !signal.aborted;) {
        for (; next < said.length; next += 1) yield said[next] as ProviderChunk;
        if (isOver) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted || isOver || next < said.length) resolve();
        });
      }
    },
  };
}
