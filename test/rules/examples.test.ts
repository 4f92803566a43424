import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, sourceFiles } from '../helpers/source-files.ts';

const examples = sourceFiles('test/examples');

/** What someone who copies an example has: the package by its public names, Node, and what the README says to install. */
const forEverybody =
  /^(switchboard\/(client|react|server|shared|router)|node:[\w/]+|@langchain\/core\/.+|@langchain\/langgraph|zod)$/;

describe('the examples', () => {
  test('[EXA-1] import what someone who copies them has, and stand in their README', () => {
    const readme = readFileSync(join(root, 'test/examples/README.md'), 'utf8');
    expect(examples.length).toBeGreaterThan(5);
    const strange = examples.flatMap(({ path, text }) =>
      [...text.matchAll(/\bfrom '([^']+)'/g)]
        .filter(([, name = '']) => !forEverybody.test(name))
        .map(([, name]) => `${path} imports ${name}`),
    );
    expect(strange).toEqual([]);
    const names = examples.map(({ path }) => path.replace('test/examples/', ''));
    expect(names.filter((name) => !readme.includes(`](${name})`))).toEqual([]);
  });

  test('[EXA-2] make a server with an own model and an own handler in less than 40 lines', () => {
    const text = examples.find(({ path }) => path.endsWith('own-server.ts'))?.text ?? '';
    const server = text.slice(0, text.indexOf('\n});', text.indexOf('await createServer(')) + '\n});'.length);
    expect(server).toMatch(/models: .*[\s\S]*handlers: .*[\s\S]*authenticate: /);
    expect(server.split('\n').length).toBeLessThan(40);
  });
});
