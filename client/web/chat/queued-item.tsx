import type { Run } from '../../../shared/run.ts';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';

interface QueuedItemProps {
  readonly run: Run;
  readonly onWithdraw: (runId: string) => Promise<void>;
}

/** A message that waits until the answers before it are written. */
export function QueuedItem({ run, onWithdraw }: QueuedItemProps) {
  const { isBusy, problem, attempt } = useAttempt();
  return (
    <li className="message" data-role="user" data-status="queued">
      <span className="unseen">You:</span>
      <div className="text">{run.text}</div>
      <div className="ending">
        <p>
          <Icon name="wait" /> Waiting for its turn
        </p>
        <button
          type="button"
          className="quiet"
          disabled={isBusy}
          onClick={() => void attempt(() => onWithdraw(run.id))}
        >
          Withdraw
        </button>
        {problem !== null && (
          <p className="problem" role="alert">
            Not withdrawn: {problem}
          </p>
        )}
      </div>
    </li>
  );
}
