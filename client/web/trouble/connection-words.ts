import type { ConnectionState } from '../../index.ts';
import { unreachable } from '../../../shared/errors.ts';

export interface ConnectionWords {
  readonly look: 'open' | 'connecting' | 'lost' | 'closed';
  readonly words: string;
}

/** Waiting for the next try and trying look the same: a line that flickers between the two tells nobody more. */
export function describeConnection(state: ConnectionState): ConnectionWords {
  switch (state.status) {
    case 'open':
      return { look: 'open', words: 'Connected' };
    case 'waiting':
      return lost;
    case 'connecting':
      return state.attempt > 1 ? lost : { look: 'connecting', words: 'Connecting…' };
    case 'closed':
      return { look: 'closed', words: 'Disconnected' };
    default:
      return unreachable(state);
  }
}

const lost: ConnectionWords = { look: 'lost', words: 'Not connected' };
