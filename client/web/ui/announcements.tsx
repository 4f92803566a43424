import { useEffect, useSyncExternalStore } from 'react';

/** Milliseconds for which it is shown what was done: long enough to read, and nothing has to be closed. */
const shownMs = 4_000;

interface Said {
  readonly words: string;
  /** Tells one from the next that says the same, so that it is heard again. */
  readonly count: number;
}

let said: Said | null = null;
let count = 0;
const listeners = new Set<() => void>();

/** Tells people who see the page and those who hear it that something is done of which they would see nothing more. */
export function announce(words: string): void {
  count += 1;
  set({ words, count });
}

/** Where that is told, once on the page. */
export function Announcements() {
  const shown = useSyncExternalStore(subscribe, () => said);
  useEffect(() => {
    if (shown === null) return undefined;
    const timer = setTimeout(() => set(null), shownMs);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div role="status" className="announcements">
      {shown && <p key={shown.count}>{shown.words}</p>}
    </div>
  );
}

function set(next: Said | null): void {
  said = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
