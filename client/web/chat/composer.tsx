import { useRef } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode, Ref } from 'react';
import type { Attachment } from '../../index.ts';
import { AttachButton } from '../files/attach-button.tsx';
import { AttachedList } from '../files/attached-list.tsx';
import type { Attachments } from '../files/use-attachments.ts';
import { useFileDrop } from '../files/use-file-drop.ts';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';

interface ComposerProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Takes the message over. Until it resolves the text stays; when it rejects, or resolves to false, too. */
  readonly onSend: (text: string, files: readonly Attachment[]) => Promise<unknown>;
  /** The files that go with it; absent where none may. */
  readonly attachments?: Attachments | undefined;
  /** For whoever wants to put the cursor there. */
  readonly field?: Ref<HTMLTextAreaElement>;
  readonly placeholder?: string;
  /** The id of what tells what is to be written. */
  readonly describedBy?: string | undefined;
  /** What is shown over the field. */
  readonly above?: ReactNode;
  /** Further buttons, before the one that sends. */
  readonly children?: ReactNode;
}

/** Where a message is written. Enter sends it, Shift+Enter begins a new line. */
export function Composer(props: ComposerProps) {
  const { text, onChange, onSend, attachments, field, placeholder, describedBy, above, children } = props;
  const { isBusy, problem, attempt } = useAttempt();
  const form = useRef<HTMLFormElement>(null);
  const isDropping = useFileDrop(attachments?.add ?? null);
  const files = attachments?.ready ?? [];
  const isSendable = !isBusy && attachments?.isUnready !== true && (text.trim() !== '' || files.length > 0);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isSendable) return;
    void attempt(async () => {
      if ((await onSend(text, files)) === false) return;
      onChange('');
      attachments?.clear();
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // An Enter that picks a suggestion of an input method is not meant for us.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };

  return (
    <form ref={form} className="composer" tabIndex={-1} onSubmit={onSubmit}>
      {above}
      {problem !== null && (
        <p className="problem" role="alert">
          Not sent: {problem}
        </p>
      )}
      <div className="composer-box" data-dropping={isDropping}>
        {attachments && <AttachedList attachments={attachments} onLeave={() => form.current?.focus()} />}
        <textarea
          ref={field}
          aria-label="Message"
          aria-describedby={describedBy}
          placeholder={placeholder ?? 'Write a message'}
          rows={1}
          value={text}
          readOnly={isBusy}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (!attachments || event.clipboardData.files.length === 0) return;
            event.preventDefault();
            attachments.add([...event.clipboardData.files]);
          }}
        />
        <div className="composer-row">
          {attachments && <AttachButton onFiles={attachments.add} />}
          <ComposerHint isBusy={isBusy} />
          {children}
          <button type="submit" className="send" disabled={!isSendable} aria-label="Send" title="Send">
            <Icon name="send" />
          </button>
        </div>
      </div>
    </form>
  );
}

function ComposerHint({ isBusy }: { readonly isBusy: boolean }) {
  if (isBusy) return <span className="sending-hint">Sending…</span>;
  return (
    <span className="hint">
      <kbd>Enter</kbd> sends, <kbd>Shift+Enter</kbd> begins a new line
    </span>
  );
}
