import type { PendingMessage } from '../../index.ts';
import { MessageFiles } from '../files/message-files.tsx';

interface PendingItemProps {
  readonly message: PendingMessage;
  readonly onSendAgain: (message: PendingMessage) => void;
  readonly onEdit: (message: PendingMessage) => void;
}

/** A message that was written here and is not at the server yet, or could not be sent; nothing that was typed is lost. */
export function PendingItem({ message, onSendAgain, onEdit }: PendingItemProps) {
  const { text, status, error, attachments = [] } = message;
  return (
    <li className="message" data-role="user" data-status={status}>
      <span className="unseen">You:</span>
      <MessageFiles files={attachments} />
      {text !== '' && <div className="text">{text}</div>}
      {status === 'sending' ? (
        <div className="ending sending">
          <p>Sending…</p>
        </div>
      ) : (
        <div className="ending" role="alert">
          <p className="problem">Not sent: {error?.message}</p>
          <button type="button" className="quiet" onClick={() => onSendAgain(message)}>
            Send again
          </button>
          <button type="button" className="quiet" onClick={() => onEdit(message)}>
            Edit
          </button>
        </div>
      )}
    </li>
  );
}
