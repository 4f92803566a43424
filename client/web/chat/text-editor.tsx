import { useEffect, useRef, useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import { useAttempt } from '../ui/attempt.ts';

interface TextEditorProps {
  /** The name of the field. */
  readonly label: string;
  readonly text: string;
  /** UTF-16 units; absent: the server says when it is too much. */
  readonly maxLength?: number;
  /** Whether nothing at all may be saved. */
  readonly mayBeEmpty?: boolean;
  readonly onSave: (text: string) => Promise<unknown>;
  /** After it was saved, or given up. */
  readonly onClose: (isSaved: boolean) => void;
}

/** Changes a text where it stands. Enter saves it, Shift+Enter begins a new line, Escape gives it up. */
export function TextEditor({ label, text: before, maxLength, mayBeEmpty = false, onSave, onClose }: TextEditorProps) {
  const [text, setText] = useState(before);
  const { isBusy, problem, attempt } = useAttempt();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const { current } = field;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy || (text.trim() === '' && !mayBeEmpty)) return;
    void attempt(() => onSave(text)).then((isDone) => isDone && onClose(true));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      // It is meant for this text, not for the answer that may be under way.
      event.preventDefault();
      onClose(false);
    }
    if (event.key !== 'Enter' || event.shiftKey || event.target !== field.current) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form ref={form} className="text-editor labelled" onSubmit={onSubmit} onKeyDown={onKeyDown}>
      <textarea
        ref={field}
        aria-label={label}
        rows={1}
        maxLength={maxLength}
        value={text}
        readOnly={isBusy}
        onChange={(event) => setText(event.target.value)}
      />
      {problem !== null && (
        <p className="problem" role="alert">
          Not saved: {problem}
        </p>
      )}
      <div className="actions">
        <button type="button" className="quiet" onClick={() => onClose(false)}>
          Cancel
        </button>
        <button type="submit" disabled={isBusy || (text.trim() === '' && !mayBeEmpty)}>
          Save
        </button>
      </div>
    </form>
  );
}
