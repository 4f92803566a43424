import { createContext } from 'react';

/** The id under which the chat is shared whose files are shown; null: they are one's own. */
export const SharedUnder = createContext<string | null>(null);
