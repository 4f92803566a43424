import { useEffect, useState } from 'react';
import { holdPage, leaveFor } from '../route.ts';
import { Confirm } from './confirm.tsx';

/** Asks whoever is about to leave something unsaved: by a link, the back button or a shortcut, or with the tab. */
export function Unsaved({ isChanged }: { readonly isChanged: boolean }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!isChanged) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    const release = holdPage(setAddress);
    return () => {
      removeEventListener('beforeunload', warn);
      release();
    };
  }, [isChanged]);
  if (address === null) return null;
  const question = {
    title: 'Leave without saving?',
    about: 'What you have changed here will be lost.',
    yes: 'Leave',
    isDangerous: true,
    act: async () => leaveFor(address),
  };
  return <Confirm question={question} onClose={() => setAddress(null)} />;
}
