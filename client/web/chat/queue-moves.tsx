import type { UseChat } from '../../react.tsx';
import type { Run } from '../../../shared/run.ts';
import { announce } from '../ui/announcements.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';

interface QueueMovesProps {
  readonly run: Run;
  readonly queue: readonly Run[];
  readonly onMove: UseChat['moveQueued'];
}

/** Moves what waits one place forwards or back. The focus stays, so that it can go on. */
export function QueueMoves({ run, queue, onMove }: QueueMovesProps) {
  const { isBusy, problem, attempt } = useAttempt();
  if (queue.length < 2) return null;
  const place = queue.findIndex(({ id }) => id === run.id);
  const step = (by: -1 | 1) => {
    const isPossible = queue[place + by] !== undefined;
    // Behind the next one is before the one after that.
    const before = queue[by < 0 ? place - 1 : place + 2]?.id ?? null;
    const move = async (): Promise<void> => {
      if (!isPossible || isBusy) return;
      if (await attempt(() => onMove(run.id, before))) announce(`Now ${place + by + 1} of ${queue.length}`);
    };
    const label = by < 0 ? 'Move up' : 'Move down';
    return (
      <button
        type="button"
        className="plain-button"
        aria-label={label}
        title={label}
        // A button that is disabled would lose the focus.
        aria-disabled={!isPossible || isBusy}
        onClick={() => void move()}
      >
        <Icon name={by < 0 ? 'send' : 'down'} />
      </button>
    );
  };
  return (
    <>
      {step(-1)}
      {step(1)}
      {problem !== null && (
        <p className="problem" role="alert">
          Not moved: {problem}
        </p>
      )}
    </>
  );
}
