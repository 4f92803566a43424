import { uncertainQuestion } from '../../shared/uncertain-call.ts';
import type { Part } from '../../shared/message.ts';
import { awaitedCall, withLeftCalls } from '../recorded-calls.ts';
import type { Sql } from '../sql.ts';
import type { CallUse, Change } from '../store.ts';
import { ask } from './ask.ts';
import type { ActiveRun } from './run-ends.ts';
import { toolCallsOf } from './tool-calls.ts';

interface LeftRun {
  readonly active: ActiveRun;
  /** The answer, as it was recorded. */
  readonly recorded: readonly Part[];
  /** Of its message, from before. */
  readonly known: CallUse;
  /** Of the call that was open when the process died. */
  readonly lastCall: CallUse;
}

/**
 * Lets a run whose process has died wait for a person who says what becomes of a call that was under way; null where none
 * was, or nobody goes on from there. Its chat is held. Other calls of its step go on with the run.
 *
 * @param askMs milliseconds that the person has
 */
export async function askAboutUncertain(
  tx: Sql,
  now: string,
  { active, recorded, known, lastCall }: LeftRun,
  askMs: number,
): Promise<Change | null> {
  const { run } = active;
  if (run.appKind !== 'assistant') return null;
  const parts = withLeftCalls(recorded, await toolCallsOf(tx, run.id));
  const call = awaitedCall(parts);
  if (!call) return null;
  const question = uncertainQuestion(call, new Date(Date.parse(now) + askMs).toISOString());
  return ask(tx, now, active, { question, parts, ...known, lastCall, callStatus: 'crashed' });
}
