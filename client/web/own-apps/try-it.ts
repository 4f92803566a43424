import { useState } from 'react';
import { useClient } from '../../react.tsx';
import type { AppKind } from '../../../shared/chat.ts';
import { goTo } from '../route.ts';
import { problemOf } from '../ui/attempt.ts';

export interface TryIt {
  /** Begins a chat with the app that no list shows, and leads there. */
  readonly tryIt: (id: string) => void;
  /** Why the last one was not begun. */
  readonly trouble: string | null;
}

export function useTryIt(kind: AppKind): TryIt {
  const { api } = useClient();
  const [trouble, setTrouble] = useState<string | null>(null);
  const tryIt = (id: string): void =>
    void api.chat.create.mutate({ app: { kind, id }, debug: true }).then(
      (chat) => goTo(chat.id),
      (reason: unknown) => setTrouble(`Not begun: ${problemOf(reason)}`),
    );
  return { tryIt, trouble };
}
