import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { cutText, firstWords } from '../../shared/text.ts';
import type { Usage } from '../../shared/message.ts';
import { demoModelId } from './demo-model.ts';
import type { ModelCalls } from './model-calls.ts';
import { providerDefaults } from './model-parameters.ts';
import type { Models } from './models.ts';
import { streamAnswer } from './stream-answer.ts';

/** The first question of a chat, its answer, and what answered. */
interface FirstTurn {
  readonly question: string;
  readonly answer: string;
  /** `provider:model`; absent where no model did. */
  readonly model: string | undefined;
}

/** A title for a chat, not empty. Errors: what models throw, and the signal's reason. */
export type MakeTitle = (turn: FirstTurn, signal: AbortSignal, book: TitleBook) => Promise<string>;

/** Told of the model's call, if one is made, and of what it has used so far. */
interface TitleBook extends ModelCalls {
  note(usage: Usage): void;
}

const instruction =
  'Give the conversation that follows a title of two to six words, in its own language. Answer with the title alone: ' +
  'no quotation marks, no full stop, no explanation.';

/** UTF-16 units of each side that the model is shown: what it is about stands at the beginning. */
const shownText = 2_000;

/** Asks the model that has answered; the demo and handlers without a model get the first words of the question. */
export function titleMaker(models: Pick<Models, 'resolve'>): MakeTitle {
  return async ({ question, answer, model }, signal, book) => {
    if (model === undefined || model === demoModelId) return firstWords(question);
    const resolved = await models.resolve(model, providerDefaults);
    const conversation = `Person: ${cutText(question, shownText)}\n\nAnswer: ${cutText(answer, shownText)}`;
    const messages = [new SystemMessage(instruction), new HumanMessage(conversation)];
    let title = '';
    for await (const event of streamAnswer(resolved, messages, signal, { calls: book })) {
      if (event.type === 'usage') book.note(event.usage);
      if (event.type === 'text') title += event.text;
      // Whoever writes more than a title has misunderstood; what comes first is taken.
      if (title.length > shownText) break;
    }
    return withoutMarks(title) || firstWords(question);
  };
}

/** Its first line without what models put around titles. */
function withoutMarks(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return firstWords(line.replace(/^(?:title\s*:|[\s#*_"'“”„«»`])+/i, '').replace(/[\s*_"'“”«»`.]+$/, ''));
}
