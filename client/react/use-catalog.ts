import { useMemo } from 'react';
import type { Catalog } from './catalog.ts';
import { useWorkspace } from './context.ts';
import { useStore } from './use-store.ts';

/** What can answer here; null until it is known for the first time. Asked for again whenever the connection opens. */
export function useCatalog(): Catalog | null {
  const { catalog } = useWorkspace('useCatalog');
  const store = useMemo(
    () => ({
      get: () => catalog.get(),
      subscribe: (listener: () => void) => catalog.show(listener),
      getOnServer: () => null,
    }),
    [catalog],
  );
  return useStore(store);
}
