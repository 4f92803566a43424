import { useRef, useState } from 'react';
import type { FeedbackChange } from '../../react.tsx';
import type { Feedback } from '../../../shared/feedback.ts';
import { limits } from '../../../shared/limits.ts';
import { announce } from '../ui/announcements.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';
import { TextEditor } from './text-editor.tsx';

interface FeedbackBarProps {
  readonly feedback: Feedback | undefined;
  readonly onGive: (change: FeedbackChange) => Promise<Feedback>;
}

const ratings = [
  { rating: 'like', label: 'Good answer' },
  { rating: 'dislike', label: 'Bad answer' },
] as const;

/** What the person thinks of an answer: one of two marks, pressed again to take it back, and a comment once it has one. */
export function FeedbackBar({ feedback, onGive }: FeedbackBarProps) {
  const { isBusy, problem, attempt } = useAttempt();
  // Events bring it for the newest page only; an older message has what the server answered until it is loaded again.
  const [given, setGiven] = useState<{ readonly before: Feedback | undefined; readonly now: Feedback } | null>(null);
  const [isEdited, setEdited] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const { rating = null, comment = '' } = (given?.before === feedback ? given?.now : feedback) ?? {};

  const give = async (change: FeedbackChange): Promise<void> => {
    const now = await onGive(change);
    setGiven({ before: feedback, now });
  };
  const rate = (next: Feedback['rating']): void => {
    if (!isBusy) void attempt(() => give({ rating: next === rating ? null : next }));
  };
  const close = (isSaved: boolean): void => {
    setEdited(false);
    edit.current?.focus();
    if (isSaved) announce('Saved');
  };

  return (
    <>
      <div className="rating" role="group" aria-label="What do you think of it?">
        {ratings.map((one) => (
          <button
            key={one.rating}
            type="button"
            className="plain-button"
            aria-label={one.label}
            title={one.label}
            aria-pressed={rating === one.rating}
            onClick={() => rate(one.rating)}
          >
            <Icon name={one.rating} />
          </button>
        ))}
        {(rating !== null || comment !== '' || isEdited) && (
          <button
            ref={edit}
            type="button"
            className="plain-button"
            aria-label={comment === '' ? 'Add a comment' : 'Change the comment'}
            title={comment === '' ? 'Add a comment' : 'Change the comment'}
            aria-expanded={isEdited}
            onClick={() => setEdited(!isEdited)}
          >
            <Icon name="comment" />
          </button>
        )}
      </div>
      {problem !== null && (
        <span className="problem" role="alert">
          Not saved: {problem}
        </span>
      )}
      {isEdited && (
        <>
          <TextEditor
            label="Comment on the answer"
            text={comment}
            maxLength={limits.comment}
            mayBeEmpty
            onSave={(text) => give({ comment: text })}
            onClose={close}
          />
          <span className="field-hint">Whoever made the assistant reads it, but neither your name nor the chat.</span>
        </>
      )}
    </>
  );
}
