import type { NodeLogStore } from '../../../db/node-log-store.ts';
import type { RunId } from '../../../shared/ids.ts';
import type { NodeLogEntry } from '../../../shared/workflow-trial.ts';
import type { HandlerEvent } from '../handler.ts';

export interface NodeLogOptions {
  readonly log: Pick<NodeLogStore, 'addToLog'>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/**
 * Hands on what a run tells, and keeps what its nodes did. Entries are written one after the other beside the run, which
 * waits for them at its end; a database that is away costs entries, never the run.
 */
export async function* loggedRun(
  runId: RunId,
  events: AsyncIterable<HandlerEvent>,
  { log, clock = Date.now }: NodeLogOptions,
): AsyncGenerator<HandlerEvent> {
  const inputs = new Map<string, NodeLogEntry['inputs']>();
  let written = Promise.resolve();
  try {
    for await (const event of events) {
      if (event.type === 'node.started') inputs.set(event.nodeId, event.inputs);
      if (event.type === 'node.finished') {
        const entry = entryOf(event, inputs.get(event.nodeId), clock());
        written = written.then(() => log.addToLog(runId, [entry])).catch(() => {});
      }
      yield event;
    }
  } finally {
    await written;
  }
}

function entryOf(
  event: Extract<HandlerEvent, { type: 'node.finished' }>,
  inputs: NodeLogEntry['inputs'],
  now: number,
): NodeLogEntry {
  const { type: _, ...finished } = event;
  const startedAt = new Date(now - event.durationMs).toISOString();
  return { ...finished, startedAt, ...(inputs && { inputs }) };
}
