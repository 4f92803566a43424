import { useState } from 'react';
import type { FormEvent } from 'react';
import { limits } from '../../../shared/limits.ts';
import { useAttempt } from '../ui/attempt.ts';
import { Modal } from '../ui/modal.tsx';

interface RenameChatProps {
  readonly title: string;
  readonly onRename: (title: string) => Promise<void>;
  readonly onClose: () => void;
}

export function RenameChat({ title, onRename, onClose }: RenameChatProps) {
  const [text, setText] = useState(title);
  const { isBusy, problem, attempt } = useAttempt();
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void attempt(() => onRename(text.trim())).then((isDone) => isDone && onClose());
  };
  return (
    <Modal title="Rename this chat" onClose={onClose}>
      <form onSubmit={onSubmit}>
        <label className="labelled">
          Title
          <input
            // The dialog is there for this field alone.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={text}
            maxLength={limits.title}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {problem !== null && (
          <p className="problem" role="alert">
            Not renamed: {problem}
          </p>
        )}
        <div className="actions">
          <button type="button" className="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={isBusy || text.trim() === ''}>
            Rename
          </button>
        </div>
      </form>
    </Modal>
  );
}
