import { useRef, useState } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode, Ref } from 'react';
import { infoOf } from '../index.ts';

interface ComposerProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Takes the message over. Until it resolves the text stays; when it rejects, too. */
  readonly onSend: (text: string) => Promise<void>;
  readonly autoFocus?: boolean;
  /** For whoever wants to put the cursor there. */
  readonly field?: Ref<HTMLTextAreaElement>;
  /** Further buttons. */
  readonly children?: ReactNode;
}

/** Where a message is written. Enter sends it, Shift+Enter begins a new line. */
export function Composer({ text, onChange, onSend, autoFocus = false, field, children }: ComposerProps) {
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);

  const send = async (): Promise<void> => {
    if (text.trim() === '' || isSending) return;
    setSending(true);
    setError(null);
    try {
      await onSend(text);
      onChange('');
    } catch (reason) {
      setError(explain(reason));
    } finally {
      setSending(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // An Enter that picks a suggestion of an input method is not meant for us.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };

  return (
    <form ref={form} className="composer" tabIndex={-1} onSubmit={onSubmit}>
      {error !== null && (
        <p className="problem" role="alert">
          Not sent: {error}
        </p>
      )}
      <textarea
        ref={field}
        aria-label="Message"
        placeholder="Write a message"
        rows={2}
        value={text}
        readOnly={isSending}
        // A new chat is opened to write in it.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="actions">
        <span className="hint">Enter sends, Shift+Enter begins a new line</span>
        {children}
        <button type="submit" disabled={text.trim() === '' || isSending}>
          {isSending ? 'Sending…' : 'Send'}
        </button>
      </div>
    </form>
  );
}

function explain(reason: unknown): string {
  const { code, message } = infoOf(reason);
  return code === null ? 'the connection was lost before the server answered. Please send it again.' : message;
}
