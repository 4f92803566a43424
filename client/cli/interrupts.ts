/** What Ctrl-C means while an answer is being written: first stop it, then leave it. */
export interface Interrupts {
  readonly first: AbortSignal;
  readonly second: AbortSignal;
  /** To be called at each Ctrl-C. */
  readonly interrupt: () => void;
}

export function twoInterrupts(): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  return {
    first: first.signal,
    second: second.signal,
    interrupt: () => (first.signal.aborted ? second : first).abort(),
  };
}
