import { useSyncExternalStore } from 'react';
import { ChatProvider } from '../../react.tsx';
import { Page } from '../page.tsx';
import type { Session } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { SignOut } from './sign-out.ts';

/** The page for whoever may see it, and else the question who they are. */
export function App({ session }: { readonly session: Session }) {
  const state = useSyncExternalStore(session.subscribe, session.get);
  if (state.kind === 'out') return <SignIn wasRefused={state.wasRefused} onToken={session.signIn} />;
  return (
    <SignOut value={state.isNamed ? session.signOut : null}>
      <ChatProvider client={state.client}>
        <Page />
      </ChatProvider>
    </SignOut>
  );
}
