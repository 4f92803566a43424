import { afterAll, describe, expect, test } from 'vitest';
import { limits } from '../../../../../../shared/limits.ts';
import { CodeSandbox } from '../../../../../../server/handlers/workflow/sandbox/code-sandbox.ts';
import type { CodeRun } from '../../../../../../server/handlers/workflow/sandbox/code-sandbox.ts';
import { SandboxThread } from '../../../../../../server/handlers/workflow/sandbox/sandbox-thread.ts';
import { processorWaitMs } from '../../../../../helpers/processor-wait.ts';
import { codeOf } from '../../handler-run.ts';
import { bombs } from './bombs.ts';
import { escapes } from './escapes.ts';

const quick = { codeMs: 300, codeRuns: 2, codeWaitMs: 25_000 };
const shared = new CodeSandbox(quick);

afterAll(() => shared.close());

const never = new AbortController().signal;

const inputs = { list: [1, 2, 3], name: 'cats' };

function run(code: string, outputs: CodeRun['outputs'] = [{ key: 'r', type: 'text' }], sandbox = shared) {
  return sandbox.run({ nodeId: 'calc', code, inputs, outputs }, never);
}

/** The error that it ends with. */
async function failure(code: string, outputs?: CodeRun['outputs']): Promise<Error> {
  return run(code, outputs).then(
    (found) => expect.fail(`it returned ${JSON.stringify(found)}`),
    (error: Error) => error,
  );
}

describe('code of a node', () => {
  test('[CODE-1] is given its inputs and gives its outputs, of which only those are kept that are declared', async () => {
    const code = 'function main({ list, name }) { return { total: list.length, name, list, all: { list }, no: 1, yes: true } }';
    const outputs = [
      { key: 'total', type: 'number' },
      { key: 'name', type: 'text' },
      { key: 'list', type: 'list' },
      { key: 'all', type: 'object' },
      { key: 'yes', type: 'boolean' },
    ] as const;
    const found = await run(code, outputs);
    expect(found).toEqual({ total: 3, name: 'cats', list: [1, 2, 3], all: { list: [1, 2, 3] }, yes: true });
  });

  test('[CODE-1] may be async, and a constant', async () => {
    expect(await run('const main = async () => { await null; return { r: "later" } }')).toEqual({ r: 'later' });
  });

  test.each([
    ['no main', 'const x = 1', /node calc cannot be used: expected it to have a function main\(inputs\)/],
    ['no object', 'function main() { return [1] }', /expected main to return an object with r, got list/],
    ['nothing', 'function main() {}', /got nothing/],
    ['a key that is missing', 'function main() { return { s: 1 } }', /r is missing/],
    ['another type', 'function main() { return { r: 1 } }', /expected its output r to be text, got number/],
    ['no number', 'function main() { return { r: NaN } }', /got null \(which NaN/],
    ['a function', 'function main() { return main }', /got nothing/],
    ['a promise that waits for ever', 'function main() { return new Promise(() => {}) }', /waits for something/],
    ['a thenable', 'function main() { return { then() {} } }', /r is missing/],
  ])('[CODE-2] that makes %s is invalid, and told so', async (_, code, message) => {
    const error = await failure(code);
    expect(codeOf(error)).toBe('WORKFLOW_INVALID');
    expect(error.message).toMatch(message);
  });

  test.each([
    ['an error of its own', 'function main() {\n  throw new Error("no cats")\n}', 'in line 2: Error: no cats'],
    ['an error of the engine', '\n\nfunction main() { return null.x }', 'in line 3: TypeError: cannot read'],
    ['an error while it is read', 'function main() {\n  let = ;\n}', 'in line 2: SyntaxError'],
    ['an error at the top', 'main = 1;\nmissing()', "in line 2: ReferenceError: 'missing' is not defined"],
    ['a promise that is rejected', 'async function main() {\n await null\n throw new TypeError("late") }', 'in line 3: TypeError: late'],
    ['a text', 'function main() { throw "out" }', 'failed: out'],
    ['an object', 'function main() { throw { code: 5 } }', 'failed: {"code":5}'],
    ['nothing', 'function main() { throw undefined }', 'failed: undefined'],
    ['a symbol', 'function main() { throw Symbol("x") }', 'failed: undefined'],
    ['a message that throws', 'function main() { throw { get message() { throw 1 } } }', 'something that cannot be told'],
    ['a large integer', 'function main() { return { r: 1n } }', 'TypeError'],
    ['a circle', 'function main() { const r = {}; r.r = r; return r }', 'TypeError: circular reference'],
    ['a getter that throws', 'function main() {\n return { get r() { throw new Error("got") } } }', 'in line 2: Error: got'],
    ['a static import', 'import fs from "fs"; function main() {}', 'ReferenceError: could not load module'],
  ])('[CODE-3] that throws %s fails, with line and message', async (_, code, message) => {
    const error = await failure(code);
    expect(codeOf(error)).toBe('TOOL_FAILED');
    expect(error.message).toContain(message);
  });

  test('[CODE-3] that throws a long message is told its beginning', async () => {
    const error = await failure('function main() { throw new Error("x".repeat(1e6)) }');
    expect(error.message.length).toBeLessThan(700);
  });
});

describe('the sandbox', () => {
  test.each(Object.entries(escapes))('[CODE-4] %s leads nowhere', async (_, [expression, found]) => {
    const code = `async function main(inputs) { const found = ${expression}; return { found: String(found) } }`;
    expect(await run(code, [{ key: 'found', type: 'text' }])).toEqual({ found });
  });

  test.each([
    ['an own __proto__', 'JSON.parse(\'{"__proto__": { "polluted": 1 }, "fine": 1 }\')', { fine: 1 }],
    ['an own __proto__ deeper', '{ deep: [JSON.parse(\'{"__proto__": { "polluted": 1 } }\')] }', { deep: [{}] }],
    ['a prototype of its own', 'Object.create({ polluted: 1 })', {}],
    ['a constructor', '{ constructor: { prototype: { polluted: 1 } } }', { constructor: { prototype: { polluted: 1 } } }],
    ['a polluted prototype', '(Object.prototype.polluted = 1, {})', {}],
    ['a proxy', 'new Proxy({ a: 1 }, { getPrototypeOf: () => Array.prototype })', { a: 1 }],
    ['an instance', 'new (class Cat { #secret = 1; name = "Tom" })()', { name: 'Tom' }],
    ['a map', 'new Map([[1, 2]])', {}],
  ])('[CODE-5] a result that is %s is data here, and pollutes nothing', async (_, expression, expected) => {
    const { r } = await run(`function main() { return { r: ${expression} } }`, [{ key: 'r', type: 'object' }]);
    expect(r).toEqual(expected);
    expect(Object.getPrototypeOf(r)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each(Object.entries(bombs))('[CODE-6] %s is ended', async (_, [body, code = 'WORKFLOW_LIMIT']) => {
    const error = await failure(`function main(inputs) { ${body} }`, []);
    expect(codeOf(error)).toBe(code);
    expect(error.message).toMatch(/node calc/);
  });

  test('[CODE-6] nothing of a program is run at its top without a limit', async () => {
    expect(codeOf(await failure('for (;;);'))).toBe('WORKFLOW_LIMIT');
  });
});
