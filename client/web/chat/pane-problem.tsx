import { addressOf } from '../route.ts';
import { Icon } from '../ui/icon.tsx';

interface PaneProblemProps {
  readonly title: string;
  readonly advice: string | undefined;
  /** Null: trying again does not help. */
  readonly onRetry: (() => void) | null;
}

/** In place of a conversation: why there is none, and where one goes on. */
export function PaneProblem({ title, advice, onRetry }: PaneProblemProps) {
  return (
    <section className="pane" aria-label="Problem">
      <div className="gone" role="alert">
        <Icon name="failed" />
        <h1>{title}</h1>
        <p>{advice}</p>
        <p className="actions">
          {onRetry && (
            <button type="button" className="quiet" onClick={onRetry}>
              Try again
            </button>
          )}
          <a className="button" href={addressOf(null)}>
            New chat
          </a>
        </p>
      </div>
    </section>
  );
}
