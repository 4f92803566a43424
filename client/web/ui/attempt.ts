import { useState } from 'react';
import { infoOf } from '../../index.ts';

export interface Attempt {
  readonly isBusy: boolean;
  /** Why the last one failed. */
  readonly problem: string | null;
  /** Resolves to whether it worked; never rejects. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** Something that a person asked for, which may take a while and may fail. */
export function useAttempt(): Attempt {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (reason) {
      setProblem(problemOf(reason));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, attempt };
}

/** An error in words for whoever caused it. */
export function problemOf(reason: unknown): string {
  const { code, message } = infoOf(reason);
  return code === null ? 'the connection was lost before the server answered. Please try again.' : message;
}
