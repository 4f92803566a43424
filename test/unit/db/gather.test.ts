import { expect, test } from 'vitest';
import { gather } from '../../../db/gather.ts';

function asker(answerTo: (question: number) => number = (question) => question * 10) {
  const asked: number[][] = [];
  const ask = gather((questions: readonly number[]) => {
    asked.push([...questions]);
    return Promise.resolve().then(() => questions.map(answerTo));
  });
  return { asked, ask };
}

test('[STO-29] what is asked in one turn is one question, and each gets its own answer', async () => {
  const { asked, ask } = asker();
  expect(await Promise.all([1, 2, 3].map(ask))).toEqual([10, 20, 30]);
  expect(asked).toEqual([[1, 2, 3]]);
});

test('[STO-29] what is asked as soon as an answer is there is asked too', async () => {
  const { asked, ask } = asker();
  for (const question of [1, 2, 3]) expect(await ask(question)).toBe(question * 10);
  expect(await ask(4).then(() => ask(5))).toBe(50);
  expect(asked).toEqual([[1], [2], [3], [4], [5]]);
});

test('[STO-29] more than fit together follow in order', async () => {
  const { asked, ask } = asker();
  const questions = Array.from({ length: 100 }, (_, index) => index);
  await Promise.all(questions.map(ask));
  expect(asked.flat()).toEqual(questions);
  expect(Math.max(...asked.map(({ length }) => length))).toBe(32);
});

test('[STO-29] one that the database refuses fails alone', async () => {
  const { ask } = asker((question) => {
    if (question === 2) throw Object.assign(new Error('refused'), { code: '22P05' });
    return question;
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map(ask));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('[STO-29] when the database does not answer nothing is asked again', async () => {
  const { asked, ask } = asker(() => {
    throw Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' });
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map(ask));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(asked).toEqual([[1, 2, 3]]);
});
