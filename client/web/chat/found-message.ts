import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import type { UseChat } from '../../react.tsx';

/** Messages that are loaded to reach one of them: further than anybody would scroll. */
const mostMessages = 1_000;

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
  readonly onShow: (element: HTMLElement) => void;
}

/** Brings a message into view, once for each that is asked for; what was said after it is loaded on the way back to it. */
export function useFoundMessage({ chat, messageId, scroller, onShow }: FoundOptions): FoundState {
  const { earlier, messages, status } = chat;
  const [shown, setShown] = useState<string | null>(null);
  const isHere = messages.some(({ id }) => id === messageId);
  const isSought = messageId !== null && status === 'ready' && shown !== messageId;
  const isFar = earlier.error !== undefined || messages.length >= mostMessages;

  const { has, isLoading, load } = earlier;
  const isLoadedNext = isSought && !isHere && has && !isLoading && !isFar;
  useEffect(() => {
    if (isLoadedNext) load();
  }, [isLoadedNext, load]);
  useEffect(() => {
    if (!isSought || !isHere) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(messageId)}"]`);
    if (element) {
      onShow(element);
      takeFocus(element);
    }
    // It can be shown only when it has been drawn; later it may leave again, with its branch.
    // oxlint-disable-next-line react/set-state-in-effect
    setShown(messageId);
  }, [isSought, isHere, messageId, onShow, scroller]);

  if (messageId === null || status !== 'ready') return 'none';
  if (!isSought) return 'shown';
  if (isHere || (has && !isFar)) return 'searching';
  return has ? 'far' : 'elsewhere';
}

/** Screen readers follow it, and it marks the message. */
function takeFocus(element: HTMLElement): void {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
