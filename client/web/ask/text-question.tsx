import { useEffect } from 'react';
import type { RefObject } from 'react';
import type { InputRequest } from '../../../shared/run.ts';
import { announce } from '../ui/announcements.tsx';
import { Icon } from '../ui/icon.tsx';
import { Expiry } from './expiry.tsx';
import { isFocusFree } from './focus-free.ts';

interface TextQuestionProps {
  readonly id: string;
  readonly question: InputRequest;
  /** Where the answer is written. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

/** A question that is answered in words, over the field in which they are written. Give its id as the key too. */
export function TextQuestion({ id, question: { prompt, expiresAt }, field }: TextQuestionProps) {
  useEffect(() => {
    announce(`Question: ${prompt}`);
    // On a touch screen it would bring up the keyboard, over what one came to read.
    if (isFocusFree() && matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, [prompt, field]);
  return (
    <div id={id} className="question-above">
      <p className="question-prompt">
        <Icon name="question" /> <span>{prompt}</span>
      </p>
      <Expiry at={expiresAt} />
    </div>
  );
}
