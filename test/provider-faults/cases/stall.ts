import { chunk, head, idleMs, lastChunk, streamed, tokens, whole } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

const stalled = { code: 'MODEL_TIMEOUT', notBeforeMs: idleMs - 50 } as const;
const hang = { end: 'hang' } as const;

export const stall: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const said = [dialect.start(), ...texts.map(dialect.text)];
  return [
    { ...stalled, name: 'before the headers', answer: () => [hang], text: '' },
    { ...stalled, name: 'in the headers', answer: () => [head().slice(0, -4), hang], text: '' },
    { ...stalled, name: 'before the first event', answer: () => [head(), hang], text: '' },
    { ...stalled, name: 'before the first token', answer: () => streamed([dialect.start()], hang), text: '' },
    { ...stalled, name: 'in the middle', answer: () => streamed(said, hang), text: texts.join('') },
    {
      ...stalled,
      name: 'in the middle of an event',
      answer: () => streamed([...said, dialect.text('lost').slice(0, -5)], hang),
      text: texts.join(''),
    },
    {
      ...stalled,
      name: 'in the body of a refusal',
      answer: () => [whole(400, `{"error":{}}`).subarray(0, -3), hang],
      text: '',
    },
    {
      ...stalled,
      name: 'with nothing but comments',
      async *answer() {
        yield head();
        for (let count = 0; count < 1_000; count += 1) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          yield chunk(': still here\n\n');
        }
      },
      text: '',
    },
    {
      name: 'never longer than is allowed',
      async *answer() {
        yield* streamed([dialect.start()]);
        for (const text of texts.slice(0, 3)) {
          await new Promise((resolve) => setTimeout(resolve, idleMs * 0.6));
          yield chunk(dialect.text(text));
        }
        yield chunk(dialect.finish() + dialect.end());
        yield lastChunk;
      },
      code: null,
      text: texts.slice(0, 3).join(''),
      limits: { modelIdleMs: idleMs * 2 },
    },
  ];
};
