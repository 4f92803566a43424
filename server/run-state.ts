import { unreachable } from '../shared/errors.ts';
import type { SwitchboardError } from '../shared/errors.ts';
import type { Ending, Question } from '../shared/run.ts';

/** Why a run is being ended from outside, before its handler has finished. */
export type Halt =
  | { readonly kind: 'stop' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'limit'; readonly error: SwitchboardError };

/**
 * What a run is doing in this process. `queued` and `waiting` are states of the database only: they hold nothing here.
 * Only the first halt counts, and a handler's own end or question counts only while nothing has halted it.
 */
export type RunState =
  | { readonly phase: 'producing' }
  | { readonly phase: 'asked'; readonly question: Question }
  | { readonly phase: 'ended'; readonly status: Ending; readonly error?: SwitchboardError };

export type RunSignal =
  | { readonly type: 'halted'; readonly halt: Halt }
  | { readonly type: 'finished' }
  | { readonly type: 'asked'; readonly question: Question }
  | { readonly type: 'threw'; readonly error: SwitchboardError };

/** The one transition there is: from producing to ended or asked, once. */
export function transition(state: RunState, signal: RunSignal): RunState {
  if (state.phase !== 'producing') return state;
  switch (signal.type) {
    case 'finished':
      return { phase: 'ended', status: 'completed' };
    case 'asked':
      return { phase: 'asked', question: signal.question };
    case 'threw':
      return { phase: 'ended', status: 'failed', error: signal.error };
    case 'halted':
      return halted(signal.halt);
    default:
      return unreachable(signal);
  }
}

function halted(halt: Halt): RunState {
  switch (halt.kind) {
    case 'stop':
      return { phase: 'ended', status: 'stopped' };
    case 'drain':
      return { phase: 'ended', status: 'interrupted' };
    case 'limit':
      return { phase: 'ended', status: 'failed', error: halt.error };
    default:
      return unreachable(halt);
  }
}
