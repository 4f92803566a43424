import { useEffect, useRef } from 'react';
import type { UseChats } from '../../react.tsx';
import type { App } from '../../../shared/chat.ts';
import type { ChatId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { firstWords } from '../../../shared/text.ts';
import { goTo } from '../route.ts';

/**
 * Creates the chat that a first message is for, sends that and shows the chat, unless the
 * person has gone elsewhere meanwhile. While the connection is lost it waits. A second try after an answer that never
 * came creates nothing twice, because it names the same chat; another app means another chat.
 *
 * @param app null: the server's default assistant
 */
export function useStart(app: App | null, create: UseChats['create']): (text: string) => Promise<void> {
  const tried = useRef<{ readonly app: App | null; readonly chatId: ChatId } | null>(null);
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  return async (text) => {
    if (tried.current === null || tried.current.app?.id !== app?.id) tried.current = { app, chatId: newId() };
    const { chatId } = tried.current;
    await create({ chatId, text, draftTitle: firstWords(text), ...(app && { app }) });
    if (isThere.current) goTo(chatId);
  };
}
