import type { Message } from '../../../shared/message.ts';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';

interface VersionSwitchProps {
  readonly siblings: NonNullable<Message['siblings']>;
  /** Shows the branch of a message. */
  readonly onSelect: (messageId: string) => Promise<unknown>;
}

/**
 * Which of the messages that stand in one place is shown, and the way to those before and after it. It stays in the page
 * while they change, and so does the focus.
 */
export function VersionSwitch({ siblings: { index, ids }, onSelect }: VersionSwitchProps) {
  const { isBusy, problem, attempt } = useAttempt();
  const step = (by: -1 | 1) => {
    const id = ids[index + by];
    return {
      type: 'button',
      className: 'plain-button',
      // A button that is disabled would lose the focus.
      'aria-disabled': id === undefined || isBusy,
      onClick: () => void (id !== undefined && !isBusy && attempt(() => onSelect(id))),
    } as const;
  };
  return (
    <div className="versions" role="group" aria-label="Versions">
      <button {...step(-1)} aria-label="Previous version" title="Previous version">
        <Icon name="back" />
      </button>
      <span role="status" aria-label={`Version ${index + 1} of ${ids.length}`}>
        {index + 1} / {ids.length}
      </span>
      <button {...step(1)} aria-label="Next version" title="Next version">
        <Icon name="forth" />
      </button>
      {problem !== null && (
        <span className="problem" role="alert">
          Not shown: {problem}
        </span>
      )}
    </div>
  );
}
