import type { Run } from '../../shared/run.ts';
import { useWorkspace } from './workspace.ts';

/** A message that waits until the answers before it are written. */
export function QueuedItem({ run }: { readonly run: Run }) {
  const { client } = useWorkspace();
  // A withdrawal that fails leaves it in the queue, where it can be tried again.
  const withdraw = (): void => void client.stop({ chatId: run.chatId, runId: run.id }).catch(() => {});
  return (
    <li className="message" data-role="user" data-status="queued">
      <span className="unseen">You:</span>
      <div className="text">{run.text}</div>
      <p className="ending">
        Waiting for its turn
        <button type="button" className="quiet" onClick={withdraw}>
          Withdraw
        </button>
      </p>
    </li>
  );
}
