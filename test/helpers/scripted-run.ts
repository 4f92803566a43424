import type { FinishedRun, StartedRun } from '../../db/store.ts';
import { answerSchemas } from '../../server/answer-schemas.ts';
import type { ChatHandler, HandlerEvent } from '../../server/handlers/handler.ts';
import { RunLog } from '../../server/run-log.ts';
import { Run } from '../../server/run.ts';
import type { RunOptions } from '../../server/run.ts';
import type { RunOutcome } from '../../server/run.ts';
import { limits } from '../../shared/limits.ts';
import type { Limits } from '../../shared/limits.ts';
import { memoryLedger } from './memory-ledger.ts';
import { sampleChat, sampleMessage, sampleRun, time, userId } from './samples.ts';

/** A run that has just been put to work, as the store tells of it. */
export function sampleStart(): StartedRun {
  const chat = sampleChat();
  const message = sampleMessage(chat);
  const run = sampleRun(chat, { status: 'running', messageId: message.id, startedAt: time });
  const userMessage = sampleMessage(chat, { id: run.userMessageId, role: 'user', status: 'completed' });
  return {
    run,
    userId,
    userMessage,
    message: { ...message, runId: run.id },
    attempt: 1,
    startSeq: 3,
    instructions: null,
    resumed: null,
  };
}

export interface ScriptedRun {
  readonly run: Run;
  readonly log: RunLog;
  readonly unexpected: unknown[];
}

/** A run of a handler that does what the script says. */
export function scriptedRun(
  script: ChatHandler['run'],
  changed: Partial<Limits> = {},
  takeSteering: RunOptions['takeSteering'] = async () => [],
): ScriptedRun {
  const started = sampleStart();
  const log = new RunLog({ runId: started.run.id, messageId: started.message.id }, () => {});
  const unexpected: unknown[] = [];
  const run = new Run({
    started,
    log,
    handler: { run: script },
    limits: { ...limits, ...changed },
    history: async () => [],
    takeSteering,
    tools: memoryLedger(),
    nextCall: async () => {},
    reserve: null,
    schemas: answerSchemas,
    onUnexpected: (error) => unexpected.push(error),
    newErrorId: () => 'error-1',
  });
  return { run, log, unexpected };
}

/** How it ended; fails when it waits for a person instead. */
export function endOf(outcome: RunOutcome): FinishedRun {
  if (outcome.status === 'waiting') throw new Error('expected the run to end, it waits for a person');
  return outcome;
}

export async function* says(...texts: string[]): AsyncGenerator<HandlerEvent> {
  for (const text of texts) yield { type: 'text', text };
}
