import { useRef, useState } from 'react';
import type { UseChat } from '../../react.tsx';
import type { Run } from '../../../shared/run.ts';
import { MessageFiles } from '../files/message-files.tsx';
import { announce } from '../ui/announcements.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';
import { QueueMoves } from './queue-moves.tsx';
import { TextEditor } from './text-editor.tsx';

interface QueuedItemProps {
  readonly run: Run;
  /** All that wait, in order. */
  readonly queue: readonly Run[];
  readonly chat: Pick<UseChat, 'editQueued' | 'moveQueued'>;
  readonly onWithdraw: (runId: string) => Promise<void>;
}

/** A message that waits until the answers before it are written, or until the one that is being written takes it. */
export function QueuedItem({ run, queue, chat, onWithdraw }: QueuedItemProps) {
  const { isBusy, problem, attempt } = useAttempt();
  const [isEdited, setEdited] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const close = (isSaved: boolean): void => {
    setEdited(false);
    edit.current?.focus();
    if (isSaved) announce('Changed');
  };
  return (
    <li className="message" data-role="user" data-status="queued">
      <span className="unseen">You:</span>
      <MessageFiles files={run.attachments ?? []} />
      {isEdited ? (
        <TextEditor
          label="Waiting message"
          text={run.text}
          onSave={(text) => chat.editQueued(run.id, text)}
          onClose={close}
        />
      ) : (
        run.text !== '' && <div className="text">{run.text}</div>
      )}
      <div className="ending">
        <p>
          <Icon name="wait" /> {waitsFor(run)}
        </p>
        <QueueMoves run={run} queue={queue} onMove={chat.moveQueued} />
        {run.kind !== 'regenerate' && (
          <button
            ref={edit}
            type="button"
            className="quiet"
            aria-expanded={isEdited}
            onClick={() => setEdited(!isEdited)}
          >
            Edit
          </button>
        )}
        <button
          type="button"
          className="quiet"
          disabled={isBusy}
          onClick={() => void attempt(() => onWithdraw(run.id))}
        >
          Withdraw
        </button>
        {problem !== null && (
          <p className="problem" role="alert">
            Not withdrawn: {problem}
          </p>
        )}
      </div>
    </li>
  );
}

function waitsFor({ kind, steers }: Run): string {
  if (steers !== undefined) return 'Will be added to this answer';
  return kind === 'regenerate' ? 'Another answer, waiting for its turn' : 'Waiting for its turn';
}
