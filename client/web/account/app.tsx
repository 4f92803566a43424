import { useSyncExternalStore } from 'react';
import { ChatProvider } from '../../react.tsx';
import { Page } from '../page.tsx';
import { useRoute } from '../route.ts';
import { GuestPage } from './guest-page.tsx';
import type { Session } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { SignOut } from './sign-out.ts';

/** The page for whoever may see it, what is shared for everybody else, and otherwise the question who they are. */
export function App({ session }: { readonly session: Session }) {
  const state = useSyncExternalStore(session.subscribe, session.get);
  const route = useRoute();
  if (state.kind === 'out' && route.kind === 'shared') return <GuestPage key={route.shareId} shareId={route.shareId} />;
  if (state.kind === 'out') return <SignIn wasRefused={state.wasRefused} onToken={session.signIn} />;
  return (
    <SignOut value={state.isNamed ? session.signOut : null}>
      <ChatProvider client={state.client}>
        <Page />
      </ChatProvider>
    </SignOut>
  );
}
