import { useMemo } from 'react';
import type { UseChat } from '../../react.tsx';

/** What can be done with a message; the same object as long as the chat is the same. */
export interface MessageActions extends Pick<UseChat, 'edit' | 'regenerate' | 'selectBranch' | 'giveFeedback'> {
  /** What had the focus is gone: puts it where one goes on. */
  readonly onLeave: () => void;
}

export function useMessageActions(chat: UseChat, onLeave: () => void): MessageActions {
  const { edit, regenerate, selectBranch, giveFeedback } = chat;
  return useMemo(
    () => ({ edit, regenerate, selectBranch, giveFeedback, onLeave }),
    [edit, regenerate, selectBranch, giveFeedback, onLeave],
  );
}
