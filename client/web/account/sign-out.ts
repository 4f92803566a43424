import { createContext, useContext } from 'react';

export const SignOut = createContext<(() => void) | null>(null);

/** Signs whoever has given a token out; null where nobody has. */
export function useSignOut(): (() => void) | null {
  return useContext(SignOut);
}
