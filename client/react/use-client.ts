import { useMemo } from 'react';
import type { ChatClient, ConnectionState } from '../index.ts';
import { useWorkspace } from './context.ts';
import { useStore } from './use-store.ts';

/** The client of the provider above. Errors: one that says what is missing, outside a provider. */
export function useClient(): ChatClient {
  return useWorkspace('useClient').client;
}

const connecting: ConnectionState = { status: 'connecting', attempt: 1 };

/** How the link to the server is. */
export function useConnection(): ConnectionState {
  const { connection } = useWorkspace('useConnection').client;
  const store = useMemo(
    () => ({
      get: () => connection.get(),
      subscribe: (listener: () => void) => connection.subscribe(listener),
      getOnServer: () => connecting,
    }),
    [connection],
  );
  return useStore(store);
}
