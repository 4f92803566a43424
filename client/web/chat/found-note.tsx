import { useAttempt } from '../ui/attempt.ts';
import type { FoundState } from './found-message.ts';

interface FoundNoteProps {
  readonly state: FoundState;
  /** Shows the branch that the message is on. */
  readonly onSelect: () => Promise<void>;
}

/** Why a message that was looked for is not in view. */
export function FoundNote({ state, onSelect }: FoundNoteProps) {
  const { isBusy, problem, attempt } = useAttempt();
  if (state !== 'elsewhere' && state !== 'far') return null;
  return (
    <div className="found-note" role="status">
      {state === 'far' ? (
        <p>The message that was found is further back: show earlier messages until you reach it.</p>
      ) : (
        <>
          <p>The message that was found is in another version of this chat, or is gone.</p>
          <button type="button" className="quiet" disabled={isBusy} onClick={() => void attempt(onSelect)}>
            Show that version
          </button>
        </>
      )}
      {problem !== null && <p className="problem">Not shown: {problem}</p>}
    </div>
  );
}
