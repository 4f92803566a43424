import { useEffect, useRef } from 'react';
import type { Attachment } from '../../index.ts';
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
type Start = (text: string, attachments: readonly Attachment[]) => Promise<void>;

export function useStart(app: App | null, create: UseChats['create']): Start {
  const tried = useRef<{ readonly app: App | null; readonly chatId: ChatId } | null>(null);
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  return async (text, attachments) => {
    if (tried.current === null || tried.current.app?.id !== app?.id) tried.current = { app, chatId: newId() };
    const { chatId } = tried.current;
    const draftTitle = firstWords(text) || firstWords(attachments[0]?.name ?? '');
    const files = attachments.length > 0 && { attachments };
    await create({ chatId, text, draftTitle, ...files, ...(app && { app }) });
    if (isThere.current) goTo(chatId);
  };
}
