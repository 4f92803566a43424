import { lazy, Suspense, useEffect, useState } from 'react';
import { createChatClient } from '../../index.ts';
import type { ChatClient } from '../../index.ts';
import { ChatProvider, useConnection } from '../../react.tsx';
import { addressOf } from '../route.ts';
import { ConnectionBanner } from '../trouble/connection-banner.tsx';
import { Announcements } from '../ui/announcements.tsx';

const SharedPane = lazy(() => import('../shared/shared-pane.tsx').then(({ SharedPane }) => ({ default: SharedPane })));

/** A shared chat for whoever has its address and no token: that, and nothing else of the page. Give the id as the key too. */
export function GuestPage({ shareId }: { readonly shareId: string }) {
  const client = useGuestClient();
  if (!client) return null;
  const signIn = (
    <a className="button quiet" href={addressOf(null)}>
      Sign in
    </a>
  );
  return (
    <ChatProvider client={client}>
      <div className="page guest">
        <main tabIndex={-1}>
          <Banner />
          <Suspense>
            <SharedPane shareId={shareId} toggle={null} guestMenu={signIn} />
          </Suspense>
        </main>
        <Announcements />
      </div>
    </ChatProvider>
  );
}

/** A connection of its own, without a token: the server closes it when nothing is read on it. */
function useGuestClient(): ChatClient | null {
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    const opened = createChatClient({ url: location.origin });
    // A connection belongs to what is mounted, so that each of them is closed.
    // oxlint-disable-next-line react/set-state-in-effect
    setClient(opened);
    return () => void opened.close();
  }, []);
  return client;
}

/** When sharing has ended the connection is of no use any more; the pane says what happened. */
function Banner() {
  return useConnection().status === 'closed' ? null : <ConnectionBanner />;
}
