import { useEffect, useRef, useState } from 'react';
import type { Message } from '../../../shared/message.ts';
import { explainAnswer } from '../trouble/explain.ts';
import { wordsOf } from './words-of.ts';

/**
 * Reads an answer out to people who cannot see it, once and when it has ended: hearing it grow would be unbearable.
 */
export function FinishedAnswer({ messages }: { readonly messages: readonly Message[] }) {
  const watched = useRef<string | null>(null);
  const [words, setWords] = useState('');

  useEffect(() => {
    const ended = messages.findLast(({ id, status }) => id === watched.current && status !== 'streaming');
    if (ended) setWords(spoken(ended));
    watched.current = messages.findLast(({ status }) => status === 'streaming')?.id ?? null;
  }, [messages]);

  return (
    <p className="unseen" aria-live="polite" data-live="answer">
      {words}
    </p>
  );
}

/** How it ended, then the answer without its reasoning. */
function spoken(message: Message): string {
  return `${explainAnswer(message)?.title ?? 'The answer is complete.'} ${wordsOf(message)}`;
}
