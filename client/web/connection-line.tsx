import type { ConnectionState } from '../index.ts';
import { unreachable } from '../../shared/errors.ts';
import { useStore } from './use-store.ts';
import { useWorkspace } from './workspace.ts';

/** How the link to the server is, in words; it comes back by itself. */
export function ConnectionLine() {
  const { client } = useWorkspace();
  const state = useStore(client.connection);
  const { look, words } = described(state);
  return (
    <div className="connection" data-state={look}>
      <p role="status">{words}</p>
      {look === 'closed' && (
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>
      )}
    </div>
  );
}

/** Waiting for the next try and trying look the same: a line that flickers between the two tells nobody more. */
function described(state: ConnectionState): { look: string; words: string } {
  switch (state.status) {
    case 'open':
      return { look: 'open', words: 'Connected' };
    case 'waiting':
      return lost;
    case 'connecting':
      return state.attempt > 1 ? lost : { look: 'connecting', words: 'Connecting…' };
    case 'closed':
      return { look: 'closed', words: `Disconnected: ${state.reason || `code ${state.code}`}` };
    default:
      return unreachable(state);
  }
}

const lost = { look: 'lost', words: 'Connection lost, retrying…' };
