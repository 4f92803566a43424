import type { ChatState } from '../index.ts';
import { addressOf } from './route.ts';

interface ChatProblemProps {
  readonly state: ChatState;
  readonly onRetry: () => void;
}

/** In place of a chat that cannot be shown. */
export function ChatProblem({ state, onRetry }: ChatProblemProps) {
  const isGone =
    state.status === 'deleted' || state.error?.code === 'NOT_FOUND' || state.error?.code === 'INVALID_INPUT';
  return (
    <section className="pane" aria-label="Problem">
      <div className="welcome" role="alert">
        <h2>{titleOf(state)}</h2>
        {!isGone && <p>{state.error?.message}</p>}
        <p className="actions">
          {!isGone && (
            <button type="button" onClick={onRetry}>
              Try again
            </button>
          )}
          <a href={addressOf(null)}>New chat</a>
        </p>
      </div>
    </section>
  );
}

function titleOf({ status, error }: ChatState): string {
  if (status === 'deleted') return 'This chat was deleted.';
  if (error?.code === 'NOT_FOUND' || error?.code === 'INVALID_INPUT') return 'There is no such chat.';
  return 'This chat could not be opened.';
}
