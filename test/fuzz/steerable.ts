import type { Database } from '../../db/connect.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../../server/handlers/handler.ts';
import { memoryCheckpoints } from '../helpers/memory-checkpoints.ts';
import { nothingToReach } from '../helpers/reaching.ts';
import { createHandlers } from '../../server/handlers/index.ts';
import type { ModelSettings } from '../../server/handlers/models.ts';
import { createModels } from '../../server/handlers/models.ts';
import { createTools } from '../../server/handlers/tools/tool-registry.ts';
import { limits } from '../../shared/limits.ts';
import { textOf } from '../../shared/message.ts';
import { newId } from '../../shared/new-id.ts';
import type { Question } from '../../shared/run.ts';
import { continuation, questionMarks } from './provider.ts';

/** Milliseconds that a person has where they have little time. */
const briefMs = 60;

/**
 * The assistant of every server, except that each piece of its answer is a step at which it takes what was sent for it,
 * and that it asks a person when the model's last word says so. Then it goes on with the answer, which stands in it.
 */
export function steerable({ nodeLogs, store }: Database, settings: ModelSettings): ChatHandler {
  const { assistant } = createHandlers({
    models: createModels(settings),
    tools: createTools(),
    limits,
    apps: store,
    checkpoints: memoryCheckpoints(),
    ...nothingToReach(),
    nodeLogs,
  });
  return {
    async *run(run, options) {
      yield* answered(run);
      let said = '';
      for await (const event of assistant.run(goingOn(run), options)) {
        yield event;
        if (event.type !== 'text') continue;
        said += event.text;
        await run.takeSteering();
      }
      const input = questionAfter(said);
      if (input) yield { type: 'ask', input };
    },
  };
}

/** Told what it goes on with. */
function goingOn(run: HandlerRun): HandlerRun {
  const answer = /^q\d+\.\d+/.exec(textOf({ parts: run.resumed?.parts ?? [] }))?.[0];
  return answer === undefined ? run : { ...run, text: continuation(answer) };
}

function* answered({ resumed }: HandlerRun): Generator<HandlerEvent> {
  const last = resumed?.answers.at(-1);
  if (!last) return;
  const { inputId, value: answer, answeredBy } = last;
  yield { type: 'part', key: inputId, value: { type: 'input', inputId, prompt, answer, answeredBy } };
}

const prompt = 'Shall I go on?';

function questionAfter(text: string): Question | null {
  const question = { id: newId<Question['id']>(), kind: 'choice', prompt, schema: { enum: ['yes', 'no'] } } as const;
  if (text.endsWith(questionMarks.ask)) return question;
  if (!text.endsWith(questionMarks['ask briefly'])) return null;
  return { ...question, expiresAt: new Date(Date.now() + briefMs).toISOString() };
}
