import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import type { UseChat } from '../../react.tsx';

/** Pages of earlier messages that are loaded to reach a message: as far as somebody would scroll. */
const mostPages = 20;

/**
 * `searching`: earlier messages are being loaded. `shown`: it was brought into view. `elsewhere`: it is on a branch that is not
 * shown. `far`: it is further back than is loaded by itself.
 */
export type FoundState = 'none' | 'searching' | 'shown' | 'elsewhere' | 'far';

interface FoundOptions {
  readonly chat: UseChat;
  /** Null: none is looked for. */
  readonly messageId: string | null;
  readonly scroller: RefObject<HTMLElement | null>;
  /** Called before it is brought into view, so that nothing moves it away again. */
  readonly onShow: () => void;
}

interface Search {
  readonly messageId: string | null;
  /** That were loaded to reach it. */
  readonly pages: number;
  readonly isShown: boolean;
}

/** Brings a message into view, once for each that is asked for; what was said after it is loaded on the way back to it. */
export function useFoundMessage({ chat, messageId, scroller, onShow }: FoundOptions): FoundState {
  const { earlier, messages, status } = chat;
  const [search, setSearch] = useState<Search>({ messageId, pages: 0, isShown: false });
  if (search.messageId !== messageId) setSearch({ messageId, pages: 0, isShown: false });
  const isHere = messages.some(({ id }) => id === messageId);
  const isSought = messageId !== null && status === 'ready' && !search.isShown;
  const isFar = earlier.error !== undefined || search.pages >= mostPages;

  const { has, isLoading, load } = earlier;
  const isLoadedNext = isSought && !isHere && has && !isLoading && !isFar;
  useEffect(() => {
    if (!isLoadedNext) return;
    setSearch((before) => ({ ...before, pages: before.pages + 1 }));
    load();
  }, [isLoadedNext, load]);
  useEffect(() => {
    if (!isSought || !isHere) return;
    onShow();
    showMessage(scroller.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(messageId)}"]`));
    setSearch((before) => ({ ...before, isShown: true }));
  }, [isSought, isHere, messageId, onShow, scroller]);

  if (messageId === null || status !== 'ready') return 'none';
  if (search.isShown) return 'shown';
  if (isHere || (has && !isFar)) return 'searching';
  return has ? 'far' : 'elsewhere';
}

/** With the focus, which screen readers follow and which marks it. */
function showMessage(element: HTMLElement | null | undefined): void {
  if (!element) return;
  element.tabIndex = -1;
  element.scrollIntoView({ block: 'center' });
  element.focus({ preventScroll: true });
}
