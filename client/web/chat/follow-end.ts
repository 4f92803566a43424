import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** Pixels from the end that count as the end: fractions of a pixel, at any zoom. */
const slack = 4;

export interface FollowEnd {
  /** For the element that scrolls; its first child is what grows. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** False after the person scrolled up, until they are back at the end. */
  readonly isFollowing: boolean;
  readonly toEnd: () => void;
  /** Brings something earlier into view and stays there, as if the person had scrolled up to it. */
  readonly bringIntoView: (element: HTMLElement) => void;
}

/**
 * Keeps the end of a growing text in view, unless the person has scrolled up to read. A question with more than there is
 * room for is shown from its beginning.
 */
export function useFollowEnd(): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [isFollowing, setFollowing] = useState(true);

  const follow = useCallback((next: boolean): void => {
    following.current = next;
    setFollowing(next);
  }, []);
  const toEnd = useCallback((): void => {
    follow(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [follow]);

  const bringIntoView = useCallback(
    (element: HTMLElement): void => {
      element.scrollIntoView({ block: 'center' });
      follow(scroller.current === null || isAtEnd(scroller.current));
    },
    [follow],
  );

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let lastTop = element.scrollTop;
    const onScroll = (): void => {
      const { scrollTop } = element;
      if (isAtEnd(element)) follow(true);
      // Text that grows moves the end away, not the position: only a person moves that up.
      else if (scrollTop < lastTop) follow(false);
      lastTop = scrollTop;
    };
    let lastQuestion: HTMLElement | null = null;
    const onResize = (): void => {
      if (!following.current) return;
      const question = element.querySelector<HTMLElement>('.question');
      const isNew = question !== lastQuestion;
      lastQuestion = question;
      if (isNew && question !== null && question.offsetHeight > element.clientHeight) {
        follow(false);
        question.scrollIntoView();
      } else element.scrollTop = element.scrollHeight;
    };
    const observer = new ResizeObserver(onResize);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [follow]);

  return { scroller, isFollowing, toEnd, bringIntoView };
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight <= slack;
}
