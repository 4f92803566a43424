import { useAttempt } from '../ui/attempt.ts';

interface PausedQueueProps {
  /** Messages that wait. */
  readonly waiting: number;
  readonly onResume: () => Promise<void>;
}

/** After a stop: what waits goes on when it is told to, or with the next message. */
export function PausedQueue({ waiting, onResume }: PausedQueueProps) {
  const { isBusy, problem, attempt } = useAttempt();
  return (
    <div className="ending" role="group" aria-label="Paused queue">
      <p>Paused: {waiting} waiting</p>
      <button type="button" className="quiet" disabled={isBusy} onClick={() => void attempt(onResume)}>
        Resume
      </button>
      {problem !== null && (
        <p className="problem" role="alert">
          Not resumed: {problem}
        </p>
      )}
    </div>
  );
}
