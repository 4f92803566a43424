import { useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useConnection } from '../../react.tsx';
import { Command } from '../ui/command.tsx';
import { describeConnection } from './connection-words.ts';

/** Over the conversation while the server is away: what that means for whoever writes, and what they can do. */
export function ConnectionBanner() {
  const state = useConnection();
  const isOnline = useOnline();
  const [wasOpen, setWasOpen] = useState(false);
  if (state.status === 'open' && !wasOpen) setWasOpen(true);
  const { look } = describeConnection(state);

  return (
    <div className="banner-place">
      <div role="status" className="banner" data-look={look}>
        {contentOf()}
      </div>
    </div>
  );

  function contentOf(): ReactNode {
    if (state.status === 'closed') return <Closed reason={state.reason || `code ${state.code}`} />;
    if (look !== 'lost') return null;
    if (!isOnline) return <p>You are offline. What you write is sent when you are back.</p>;
    if (wasOpen) return <p>Connection lost, trying again… What you write is sent when it is back.</p>;
    return <NeverConnected />;
  }
}

function Closed({ reason }: { readonly reason: string }) {
  return (
    <>
      <p>Disconnected: {reason}</p>
      <button type="button" className="quiet" onClick={() => location.reload()}>
        Reload
      </button>
    </>
  );
}

/** The browser does not say why a socket was refused, so both usual reasons are told. */
function NeverConnected() {
  return (
    <div className="causes">
      <p>
        <strong>The server does not answer.</strong> The page keeps trying. Two things to look at:
      </p>
      <ol>
        <li>
          Is the server running? Start it as before, or with: <Command text="npx switchboard serve" />
        </li>
        <li>
          Does it know this page? An address that it does not know is refused, and its log says so. Add this to what you
          start it with: <Command text={`ALLOWED_ORIGINS=${location.origin}`} />
        </li>
      </ol>
    </div>
  );
}

function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine);
}

function subscribeOnline(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}
