import { announce } from '../ui/announcements.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';

/** Asks for another answer to the same message; this one stays as a version. */
export function RegenerateButton({ onRegenerate }: { readonly onRegenerate: () => Promise<unknown> }) {
  const { isBusy, problem, attempt } = useAttempt();
  const regenerate = async (): Promise<void> => {
    if (isBusy) return;
    if (await attempt(onRegenerate)) announce('Asked for another answer');
  };
  return (
    <>
      <button
        type="button"
        className="plain-button"
        aria-label="Regenerate"
        title="Regenerate: another answer"
        aria-disabled={isBusy}
        onClick={() => void regenerate()}
      >
        <Icon name="again" />
      </button>
      {problem !== null && (
        <span className="problem" role="alert">
          Not asked: {problem}
        </span>
      )}
    </>
  );
}
