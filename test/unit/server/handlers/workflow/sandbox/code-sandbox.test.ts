import { afterAll, describe, expect, test } from 'vitest';
import { limits } from '../../../../../../shared/limits.ts';
import { CodeSandbox } from '../../../../../../server/handlers/workflow/sandbox/code-sandbox.ts';
import type { CodeRun } from '../../../../../../server/handlers/workflow/sandbox/code-sandbox.ts';
import { SandboxThread } from '../../../../../../server/handlers/workflow/sandbox/sandbox-thread.ts';
import { codeOf } from '../../handler-run.ts';
import { bombs } from './bombs.ts';
import { escapes } from './escapes.ts';

const shared = new CodeSandbox();
/** For what never ends. */
const quick = new CodeSandbox({ codeMs: 300, codeRuns: 2, codeWaitMs: 25_000 });

afterAll(() => Promise.all([shared.close(), quick.close()]));

const never = new AbortController().signal;

const inputs = { list: [1, 2, 3], name: 'cats' };

function run(code: string, outputs: CodeRun['outputs'] = [{ key: 'r', type: 'text' }], sandbox = shared) {
  return sandbox.run({ nodeId: 'calc', owner: 'ann', code, inputs, outputs }, never);
}

/** The error that it ends with. */
async function failure(code: string, sandbox = shared): Promise<Error> {
  return run(code, [{ key: 'r', type: 'text' }], sandbox).then(
    (found) => expect.fail(`it returned ${JSON.stringify(found)}`),
    (error: Error) => error,
  );
}

describe('code of a node', () => {
  test('[CODE-1] is given its inputs and gives its outputs, of which only those are kept that are declared', async () => {
    const code =
      'function main({ list, name }) { return { total: list.length, name, list, all: { list }, no: 1, yes: true } }';
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
    [
      'a promise that is rejected',
      'async function main() {\n await null\n throw new TypeError("late") }',
      'in line 3: TypeError: late',
    ],
    ['a text', 'function main() { throw "out" }', 'failed: out'],
    ['an object', 'function main() { throw { code: 5 } }', 'failed: {"code":5}'],
    ['nothing', 'function main() { throw undefined }', 'failed: undefined'],
    ['a symbol', 'function main() { throw Symbol("x") }', 'failed: undefined'],
    [
      'a message that throws',
      'function main() { throw { get message() { throw 1 } } }',
      'something that cannot be told',
    ],
    ['a large integer', 'function main() { return { r: 1n } }', 'TypeError'],
    [
      'with another toJSON of everything',
      'function main() {\n Object.prototype.toJSON = () => ({}); throw new Error("told") }',
      'in line 2: Error: told',
    ],
    [
      'with a toJSON that makes nothing',
      'function main() { Object.prototype.toJSON = () => undefined; throw "told" }',
      'told',
    ],
    [
      'with a toJSON that throws',
      'function main() { Object.prototype.toJSON = () => { throw 1 }; throw new Error("told") }',
      'told',
    ],
    [
      'a revoked proxy',
      'function main() { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy }',
      '',
    ],
    ['a function', 'function main() { throw () => 1 }', 'undefined'],
    ['a circle', 'function main() { const r = {}; r.r = r; return r }', 'TypeError: circular reference'],
    [
      'a getter that throws',
      'function main() {\n return { get r() { throw new Error("got") } } }',
      'in line 2: Error: got',
    ],
    ['a static import', 'import fs from "fs"; function main() {}', 'in line 1: SyntaxError'],
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
    [
      'a constructor',
      '{ constructor: { prototype: { polluted: 1 } } }',
      { constructor: { prototype: { polluted: 1 } } },
    ],
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

  test.each(Object.entries(bombs))('[CODE-6] %s is ended', async (_, body) => {
    const error = await failure(`function main(inputs) { ${body} }`, quick);
    expect([codeOf(error), error.message]).toEqual(['WORKFLOW_LIMIT', expect.stringMatching(/node calc was ended/)]);
  });

  test('[CODE-6] what stands outside of main is ended too', async () => {
    expect(codeOf(await failure('for (;;);', quick))).toBe('WORKFLOW_LIMIT');
  });

  test('[CODE-6] as much as a program may return it returns', async () => {
    const many = { nodeId: 'calc', owner: 'ann', inputs, outputs: [{ key: 'r', type: 'list' }] } as const;
    const code = 'function main() { return { r: Array.from({ length: 87_000 }, () => ({})) } }';
    expect(await shared.run({ ...many, code }, never)).toMatchObject({ r: { length: 87_000 } });
  });

  test('[CODE-6] what it is given has a limit', async () => {
    const large = { nodeId: 'calc', owner: 'ann', code: '', inputs: { a: 'x'.repeat(limits.codeInput) }, outputs: [] };
    await expect(shared.run(large, never)).rejects.toMatchObject({ code: 'WORKFLOW_LIMIT' });
  });
});

/** Milliseconds of processor time of the longest turn of this thread's event loop: what others run meanwhile is not in it. */
function watchTurns(): () => number {
  const used = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let last = used();
  let next = setImmediate(turn);
  function turn(): void {
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(turn);
  }
  return () => {
    clearImmediate(next);
    return longest;
  };
}

/** Nothing in the engine looks at the time while these are at work. */
const stubborn = {
  'a list of its longest length that is joined': 'return new Array(2 ** 32 - 1).join("x")',
  'texts that are doubled': 'let s = "xy"; const all = []; for (;;) all.push((s += s).toUpperCase())',
  'an endless loop': 'for (;;);',
  'running out of memory': 'for (;;) { const a = []; try { for (;;) a.push(new Uint8Array(1e6)) } catch {} }',
};

const plain = { inputs: '{}', outputs: [], timeMs: 300 };

describe('a thread of the sandbox', () => {
  test.each(Object.entries(stubborn))('[CODE-7] with %s is gone 250 ms after its time', async (_, body) => {
    const thread = new SandboxThread();
    await thread.ready(never);
    const begin = performance.now();
    const { kind } = await thread.run({ ...plain, code: `function main() { ${body} }` }, never);
    await thread.end();
    expect(kind).toBe('limit');
    expect(performance.now() - begin - plain.timeMs).toBeLessThanOrEqual(250);
  });

  test.each(Object.entries(stubborn))('[CODE-7] with %s leaves the turns here shorter than 20 ms', async (_, body) => {
    const turns = watchTurns();
    const thread = new SandboxThread();
    await thread.ready(never);
    await thread.run({ ...plain, code: `function main() { ${body} }` }, never);
    await thread.end();
    expect(turns()).toBeLessThanOrEqual(20);
  });

  test('[CODE-7] takes less than 64 MiB, whatever its program wants', async () => {
    const thread = new SandboxThread();
    const before = process.memoryUsage.rss();
    await thread.ready(never);
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    const job = {
      code: `function main() { ${stubborn['running out of memory']} }`,
      inputs: '{}',
      outputs: [],
      timeMs: 300,
    };
    await thread.run(job, never);
    clearInterval(watch);
    await thread.end();
    expect(most - before).toBeLessThanOrEqual(64 * 1_048_576);
  });

  test('[CODE-8] is not waited for when its run has ended', async () => {
    const thread = new SandboxThread();
    await expect(thread.ready(AbortSignal.abort(new Error('not now')))).rejects.toThrow('not now');
    await thread.end();
  });
});

describe('many programs', () => {
  const endless = { nodeId: 'calc', owner: 'ann', code: 'function main() { for (;;); }', inputs: {}, outputs: [] };
  const short = { ...endless, code: 'function main() { return {} }' };

  test('[CODE-8] a program is ended at once when its run is', async () => {
    await using sandbox = closing(new CodeSandbox({ codeMs: 60_000, codeRuns: 1, codeWaitMs: 25_000 }));
    const stop = new AbortController();
    const running = sandbox.run(endless, stop.signal);
    const next = sandbox.run(short, never);
    const reason = new Error('stopped');
    setTimeout(() => stop.abort(reason), 100);
    await expect(running).rejects.toBe(reason);
    expect(await next).toEqual({});
  });

  test('[CODE-8] one waits for its turn, and not for ever', async () => {
    await using sandbox = closing(new CodeSandbox({ codeMs: 60_000, codeRuns: 1, codeWaitMs: 3_000 }));
    const stop = new AbortController();
    const running = sandbox.run(endless, stop.signal).catch((error: unknown) => error);
    await expect(sandbox.run(short, never)).rejects.toMatchObject({
      code: 'WORKFLOW_LIMIT',
      message: expect.stringMatching(/node calc found no place within 3000 ms/),
    });
    stop.abort(new Error('stopped'));
    expect(await running).toMatchObject({ message: 'stopped' });
  });

  test('[CODE-8] all have their turn', async () => {
    const code = 'function main({ n }) { return { n: n + 1 } }';
    const outputs = [{ key: 'n', type: 'number' }] as const;
    const all = Array.from({ length: 6 }, (_, n) =>
      shared.run({ nodeId: 'calc', owner: 'ann', code, inputs: { n }, outputs }, never),
    );
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5, 6].map((n) => ({ n })));
  });

  test('[CODE-8] nothing runs any more when the sandbox is closed', async () => {
    const sandbox = new CodeSandbox({ codeMs: 60_000, codeRuns: 1, codeWaitMs: 25_000 });
    const both = [sandbox.run(endless, never), sandbox.run(endless, never)].map((run) => run.catch(codeOf));
    await sandbox.close();
    expect(await Promise.all(both)).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    await expect(sandbox.run(short, never)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

function closing(sandbox: CodeSandbox): CodeSandbox & AsyncDisposable {
  return Object.assign(sandbox, { [Symbol.asyncDispose]: () => sandbox.close() });
}
