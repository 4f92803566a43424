import { eq } from 'drizzle-orm';
import { endedParts } from '../../shared/ended-parts.ts';
import { checkpointThreads, runSlices } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, SuspendedRun } from '../store.ts';
import { ask } from './ask.ts';
import { closeToolCalls } from './tool-calls.ts';
import { endRuns, lockActive } from './run-ends.ts';

/** A stop that was asked for since the question goes before it: then the run ends instead. */
export async function suspend(
  db: Sql,
  now: string,
  suspended: SuspendedRun,
): Promise<(Change & { status: 'waiting' | 'stopped' }) | null> {
  return db.transaction(async (tx) => {
    const active = await lockActive(tx, suspended.runId);
    if (active?.run.status !== 'running' || active.run.attempt !== suspended.attempt) return null;
    await tx.delete(runSlices).where(eq(runSlices.runId, suspended.runId));
    if (active.run.stopRequestedAt === null) return { ...(await ask(tx, now, active, suspended)), status: 'waiting' };
    await closeToolCalls(tx, now, [suspended.runId]);
    await tx.delete(checkpointThreads).where(eq(checkpointThreads.runId, suspended.runId));
    const [change] = await endRuns(tx, [{ ...suspended, parts: endedParts(suspended.parts), status: 'stopped', now }]);
    return change ? { ...change, status: 'stopped' } : null;
  });
}
