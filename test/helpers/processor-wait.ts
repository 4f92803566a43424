import { readFileSync } from 'node:fs';

/**
 * Milliseconds for which this thread could have gone on, had the machine not let others run; always 0 on systems that
 * do not tell. What takes its time whoever else runs is not in it, so it may be taken off a time that was measured.
 */
export function processorWaitMs(): number {
  try {
    // Nanoseconds: on the processor, waiting for it.
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
