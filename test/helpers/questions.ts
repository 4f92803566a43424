import type { StartedRun, SuspendedRun } from '../../db/store.ts';
import type { InputId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import type { Part } from '../../shared/message.ts';
import type { Question } from '../../shared/run.ts';

/** A question as a handler asks it: which of two? */
export function question(fields: Partial<Question> = {}): Question {
  return {
    id: newId<InputId>(),
    kind: 'choice',
    prompt: 'Left or right?',
    schema: { enum: ['left', 'right'] },
    ...fields,
  };
}

/** What a run leaves behind that asks. */
export function asking(
  { run, attempt }: StartedRun,
  asked: Question = question(),
  parts: readonly Part[] = [{ type: 'text', text: 'Which way? ' }],
): SuspendedRun {
  return { runId: run.id, attempt, status: 'waiting', question: asked, parts };
}
