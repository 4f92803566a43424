import type { StartedRun, Store } from '../db/store.ts';
import type { ToolLedger } from './handlers/tool-ledger.ts';
import { untilStored } from './until-stored.ts';
import type { UntilStoredOptions } from './until-stored.ts';

type LedgerStore = Pick<Store, 'intendToolCalls' | 'moveToolCalls'>;

/**
 * The ledger of one run. Nothing is called while the database is away; what was called waits until its result is
 * written.
 */
export function runTools({ run, attempt }: StartedRun, store: LedgerStore, options: UntilStoredOptions): ToolLedger {
  const at = { runId: run.id, attempt };
  return {
    intend: (calls) => store.intendToolCalls(at, calls),
    start: (calls) =>
      store.moveToolCalls(
        at,
        calls.map((call) => ({ ...call, state: 'started' })),
      ),
    settle: (results) => untilStored(() => store.moveToolCalls(at, results), options),
  };
}
