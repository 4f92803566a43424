import { useCallback, useEffect, useRef } from 'react';
import type { UseChat } from '../../react.tsx';
import type { InputRequest } from '../../../shared/run.ts';
import { announce } from '../ui/announcements.tsx';

/** Answers the question that is pending. Resolves to whether this answer counts; whose it is otherwise is told. */
export type Answer = (value: unknown) => Promise<boolean>;

/** How the question of a chat is answered here, and what is told of one that was answered elsewhere. */
export function useAnswer({ pendingInput, activeRun, respond }: UseChat): Answer {
  const inputId = pendingInput?.id ?? null;
  const answeredHere = useRef<string | null>(null);
  const seen = useRef<InputRequest | null>(null);
  const activeRunId = activeRun?.id ?? null;
  useEffect(() => {
    const before = seen.current;
    seen.current = pendingInput;
    if (before === null || before.id === pendingInput?.id || answeredHere.current === before.id) return;
    // With its run it is gone for a reason that is told anyway.
    if (before.runId === activeRunId) announce('The question was answered elsewhere, or its time is over');
  }, [pendingInput, activeRunId]);

  return useCallback(
    async (value) => {
      if (inputId === null) return false;
      answeredHere.current = inputId;
      try {
        const { accepted, answeredBy } = await respond(inputId, value);
        announce(accepted ? 'Answered' : wordsForLate(answeredBy));
        return accepted;
      } catch (error) {
        answeredHere.current = null;
        throw error;
      }
    },
    [inputId, respond],
  );
}

/** @param answeredBy whose answer counts; `expiry` when the time was over, null when it was withdrawn */
function wordsForLate(answeredBy: string | null): string {
  if (answeredBy === null) return 'Too late: the question was withdrawn';
  if (answeredBy === 'expiry') return 'Too late: the time to answer is over';
  return `Too late: ${answeredBy} has answered in another window, and that counts`;
}
