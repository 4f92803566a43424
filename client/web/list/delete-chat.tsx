import { useAttempt } from '../ui/attempt.ts';
import { Modal } from '../ui/modal.tsx';

interface DeleteChatProps {
  readonly title: string;
  readonly onDelete: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before a chat is gone for good. */
export function DeleteChat({ title, onDelete, onClose }: DeleteChatProps) {
  const { isBusy, problem, attempt } = useAttempt();
  return (
    <Modal title="Delete this chat?" onClose={onClose}>
      <p>
        <strong className="quoted">{title}</strong> and everything in it will be gone for good. An answer that is being
        written is stopped.
      </p>
      {problem !== null && (
        <p className="problem" role="alert">
          Not deleted: {problem}
        </p>
      )}
      <form method="dialog" className="actions">
        <button type="submit" className="quiet">
          Keep it
        </button>
        <button
          type="button"
          className="dangerous"
          disabled={isBusy}
          onClick={() => void attempt(onDelete).then((isDone) => isDone && onClose())}
        >
          Delete
        </button>
      </form>
    </Modal>
  );
}
