import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../helpers/source-files.ts';
import { mutate } from './mutation.ts';
import { otherMutations } from './other-mutations.ts';
import { serverMutations } from './server-mutations.ts';

const mutations = [...serverMutations, ...otherMutations];

describe('mutations', () => {
  test.for(mutations.map((mutation) => [mutation.name, mutation] as const))(
    '[LAW-4] %s: the code is there to be broken',
    ([, mutation]) => {
      const code = readFileSync(join(root, mutation.file), 'utf8');
      expect(mutate(code, mutation)).not.toBe(code);
    },
  );

  test('[LAW-4] a mutation whose code is gone, or stands there twice, says so', () => {
    const mutation = { name: 'break a', file: 'a.ts', from: 'a()', to: 'b()', tests: [] };
    expect(mutate('a();', mutation)).toBe('b();');
    expect(() => mutate('c();', mutation)).toThrow('mutation “break a”: expected "a()" once in a.ts, found it 0 times');
    expect(() => mutate('a(a());', { ...mutation, from: 'a' })).toThrow('found it 2 times');
  });

  test('[LAW-4] there are at least twenty, each with a name of its own', () => {
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
    expect(mutations.length).toBeGreaterThanOrEqual(20);
  });
});
