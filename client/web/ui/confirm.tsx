import { useAttempt } from './attempt.ts';
import { Modal } from './modal.tsx';

/** Something to be asked about before it is done. */
export interface Question {
  readonly title: string;
  readonly about: string;
  /** What the button that does it says. */
  readonly yes: string;
  readonly isDangerous?: boolean;
  /** Rejects with the server's error. */
  readonly act: () => Promise<unknown>;
}

interface ConfirmProps {
  readonly question: Question;
  readonly onClose: () => void;
}

export function Confirm({ question: { title, about, yes, isDangerous, act }, onClose }: ConfirmProps) {
  const { isBusy, problem, attempt } = useAttempt();
  return (
    <Modal title={title} onClose={onClose}>
      <p className="quoted">{about}</p>
      {problem !== null && (
        <p className="problem" role="alert">
          Not done: {problem}
        </p>
      )}
      <form method="dialog" className="actions">
        <button type="submit" className="quiet">
          Cancel
        </button>
        <button
          type="button"
          className={isDangerous ? 'dangerous' : undefined}
          disabled={isBusy}
          onClick={() => void attempt(act).then((isDone) => isDone && onClose())}
        >
          {yes}
        </button>
      </form>
    </Modal>
  );
}
