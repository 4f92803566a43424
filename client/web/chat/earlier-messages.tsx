import type { UseChat } from '../../react.tsx';

/** The way to what was said before, a page at a time. */
export function EarlierMessages({ earlier }: { readonly earlier: UseChat['earlier'] }) {
  return (
    <div className="earlier">
      {earlier.has && (
        <button type="button" className="quiet" disabled={earlier.isLoading} onClick={earlier.load}>
          {earlier.isLoading ? 'Loading…' : 'Show earlier messages'}
        </button>
      )}
      {earlier.error && (
        <p className="problem" role="alert">
          {earlier.error.message}
        </p>
      )}
    </div>
  );
}
