import { setImmediate as nextTurn } from 'node:timers/promises';
import { driverError, isAway } from './database-errors.ts';

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** So many in one statement: what is asked on the thread that streams must not hold it up. */
const most = 32;

/**
 * Asks once for all that was asked for in one turn of the event loop: a hundred messages that come at once are four
 * statements then, at a fraction of the cost. Nothing is answered by a statement that began before it was asked.
 *
 * @param ask answers in the order of the questions. When the database refuses, each question is asked by itself, so that
 * nobody pays for another's; when it does not answer, all of them fail, because nobody knows what became of them.
 */
export function gather<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let isAsking = false;

  async function askForAll(): Promise<void> {
    isAsking = true;
    while (waiting.length > 0) {
      await nextTurn();
      await askFor(waiting.splice(0, most));
    }
    isAsking = false;
  }

  async function askFor(some: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await ask(some.map(({ question }) => question));
      for (const [index, { resolve }] of some.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      const found = driverError(error);
      if (some.length > 1 && !(found && isAway(found))) for (const one of some) await askFor([one]);
      else for (const { reject } of some) reject(error);
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!isAsking) void askForAll();
    });
}
