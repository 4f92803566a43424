import { sql } from 'drizzle-orm';
import { withAnswers } from '../../shared/answered-parts.ts';
import { addUsage } from '../../shared/add-usage.ts';
import { limits } from '../../shared/limits.ts';
import type { Part, Usage } from '../../shared/message.ts';
import type { NodeProgress } from '../../shared/node-progress.ts';
import { partialAnswer } from '../partial-answer.ts';
import type { RunRow, SliceRow } from '../rows.ts';
import { messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { CallUse, Change, RecalledAnswer } from '../store.ts';
import { LogEntries, saveChange } from './chat-change.ts';
import { findMessage } from './find-message.ts';
import { closeCall, estimateOfCrash, finishedUse, type TokenSum } from './model-calls.ts';
import { answersOf } from './resume.ts';
import type { ActiveRun } from './run-ends.ts';

/**
 * A run whose process has died is due again, with what is certain of its answer. Its attempt counts up already here, so
 * that nothing that its last process may still write is taken for the next one's.
 *
 * Null when it has died too often without having come further.
 */
export async function resetAnswer(
  tx: Sql,
  now: string,
  { chat, run }: ActiveRun,
  recalled: RecalledAnswer,
  slices: readonly SliceRow[],
): Promise<(Change & { readonly status: 'running' }) | null> {
  const { parts, usage, model, progress, unfinished } = recalled;
  const crashes = run.crashProgress !== null && progress <= run.crashProgress ? run.crashes + 1 : 1;
  if (crashes > limits.runCrashes || run.messageId === null) return null;
  const before = (await findMessage(tx, chat.id, run.messageId)).parts;
  const certain = withAnswers(parts, await answersOf(tx, run.id));
  const log = new LogEntries(chat);
  const seq = log.add({ type: 'answer.reset', runId: run.id });
  await saveChange(tx, chat, log, {}, [
    sql`update ${runs} set
        attempt = attempt + 1, due_seq = ${seq}, suspended_seq = ${seq}, crashes = ${crashes}, crash_progress = ${progress},
        nodes = ${run.nodes && JSON.stringify(nodesNow(run.nodes, unfinished))}::jsonb
      where id = ${run.id}`,
    sql`update ${messages} set
        parts = ${JSON.stringify(certain)}::jsonb, usage = ${usage ? JSON.stringify(usage) : null}::jsonb, model = ${model}
      where chat_id = ${chat.id} and id = ${run.messageId}`,
    closeCall(run.id, await leftCall(tx, run, recalled, partialAnswer(before, slices)), now, 'crashed'),
  ]);
  return { entries: log.entries, status: 'running' };
}

/**
 * What the call used that was open: what is certain of the run and in no call that has ended, and an estimate of what was
 * recorded besides.
 */
async function leftCall(
  tx: Sql,
  run: RunRow,
  { parts, usage }: RecalledAnswer,
  recorded: readonly Part[],
): Promise<CallUse> {
  const known = usage && usageBeside(usage, await finishedUse(tx, run));
  const beyond = recorded.filter((part) => !parts.some((certain) => covers(certain, part)));
  const { usage: estimated } = estimateOfCrash(run, [], beyond);
  const used = known && estimated ? addUsage(known, estimated) : (known ?? estimated);
  return used ? { usage: used } : {};
}

/** Null for none. */
function usageBeside({ inputTokens, outputTokens, source }: Usage, ended: TokenSum): Usage | null {
  const left = {
    inputTokens: Math.max(0, inputTokens - ended.inputTokens),
    outputTokens: Math.max(0, outputTokens - ended.outputTokens),
  };
  return left.inputTokens + left.outputTokens > 0 ? { ...left, source } : null;
}

/** What was recorded is behind what is certain, and may stand at another place. */
function covers(certain: Part, recorded: Part): boolean {
  if (recorded.type === 'tool') return certain.type === 'tool' && certain.toolCallId === recorded.toolCallId;
  if (!('text' in recorded) || !('text' in certain) || certain.type !== recorded.type) return false;
  return certain.text.trimStart().startsWith(recorded.text.trimStart());
}

/** How far nodes have come is recorded a little behind: an end that nobody tells any more is told here. */
function nodesNow(nodes: readonly NodeProgress[], unfinished: RecalledAnswer['unfinished']): readonly NodeProgress[] {
  if (!unfinished) return nodes;
  const isUnfinished = (nodeId: string) => unfinished.some((id) => id === nodeId || id.startsWith(`${nodeId}/`));
  return nodes.map((node) =>
    node.status === 'running' && !isUnfinished(node.nodeId) ? { ...node, status: 'finished' } : node,
  );
}
