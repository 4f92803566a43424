import type { ChatStore, PendingMessage } from '../index.ts';

interface PendingItemProps {
  readonly message: PendingMessage;
  readonly store: ChatStore;
  readonly onEdit: (text: string) => void;
}

/** A message that was written here and is not at the server yet, or could not be sent; nothing that was typed is lost. */
export function PendingItem({ message, store, onEdit }: PendingItemProps) {
  const { messageId, text, status, error } = message;
  const sendAgain = (): void => void store.send(text, { messageId }).catch(() => {});
  const edit = (): void => {
    store.discard(messageId);
    onEdit(text);
  };
  return (
    <li className="message" data-role="user" data-status={status}>
      <span className="unseen">You:</span>
      <div className="text">{text}</div>
      {status === 'sending' && <p className="ending">Sending…</p>}
      {status === 'failed' && (
        <p className="ending" role="alert">
          Not sent: {error?.message}
          <button type="button" className="quiet" onClick={sendAgain}>
            Send again
          </button>
          <button type="button" className="quiet" onClick={edit}>
            Edit
          </button>
        </p>
      )}
    </li>
  );
}
