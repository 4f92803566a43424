import { between, goodEvents, tokens, whole } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

/** None is followed: key and conversation would go along. */
export const redirect: FaultClass = (dialect, random): FaultCase[] => {
  const good = goodEvents(dialect, tokens(random));
  const targets = ['/elsewhere', `http://127.0.0.1:${between(random, 2, 9)}/`, 'https://example.invalid/', '', ':::'];
  return [300, 301, 302, 303, 304, 307, 308].map((status, index) => {
    const location = targets[index % targets.length] ?? '';
    return {
      name: `${status} to ${JSON.stringify(location)}`,
      answer: () => [whole(status, status === 304 ? '' : good, { location })],
      code: 'MODEL_BAD_REQUEST' as const,
      text: '',
    };
  });
};
