import { useId, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { ToolPart } from '../../../shared/message.ts';
import type { InputRequest } from '../../../shared/run.ts';
import { announce } from '../ui/announcements.tsx';
import { Icon } from '../ui/icon.tsx';
import { AnswerForm } from './answer-form.tsx';
import { Approval } from './approval.tsx';
import { Choice } from './choice.tsx';
import { Expiry } from './expiry.tsx';
import { isFocusFree } from './focus-free.ts';

export interface QuestionPanelProps {
  readonly question: InputRequest;
  /** The call that a question for leave is about. */
  readonly call: ToolPart | undefined;
  /** Rejects when the server refuses the value. */
  readonly onAnswer: (value: unknown) => Promise<unknown>;
  /** The panel goes, and with it what had the focus. */
  readonly onLeave: () => void;
}

/**
 * A question that an answer waits for, except one that is answered in words: that has the composer. Give its id as the
 * key too. It takes the focus from nobody who is doing something, and is told to them instead.
 */
export function QuestionPanel({ question, call, onAnswer, onLeave }: QuestionPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const promptId = useId();
  const leave = useRef(onLeave);
  useLayoutEffect(() => {
    leave.current = onLeave;
  }, [onLeave]);
  useLayoutEffect(() => {
    const element = panel.current;
    if (isFocusFree()) element?.focus();
    else announce(`Question: ${question.prompt}`);
    return () => {
      const { activeElement } = document;
      if (activeElement === document.body || element?.contains(activeElement)) leave.current();
    };
  }, [question.prompt]);
  const onKeyDown = (event: KeyboardEvent): void => {
    // In a field Escape leaves the field; it must not stop the answer that waits for this one.
    if (event.key !== 'Escape' || event.target === panel.current) return;
    event.preventDefault();
    panel.current?.focus();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section ref={panel} className="question" tabIndex={-1} aria-labelledby={promptId} onKeyDown={onKeyDown}>
      <p id={promptId} className="question-prompt">
        <Icon name="question" /> <span>{question.prompt}</span>
      </p>
      <Answering question={question} call={call} onAnswer={onAnswer} />
      <Expiry at={question.expiresAt} />
    </section>
  );
}

function Answering({ question: { id, kind, schema }, call, onAnswer }: Omit<QuestionPanelProps, 'onLeave'>) {
  if (kind === 'approval') return <Approval call={call} onAnswer={onAnswer} />;
  if (kind === 'choice') return <Choice questionId={id} schema={schema} onAnswer={onAnswer} />;
  return <AnswerForm questionId={id} schema={schema} onAnswer={onAnswer} />;
}
