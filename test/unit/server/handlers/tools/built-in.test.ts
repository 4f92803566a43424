import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { UserId } from '../../../../../shared/ids.ts';
import { limits } from '../../../../../shared/limits.ts';
import { calculator } from '../../../../../server/handlers/tools/calculator.ts';
import { currentTime } from '../../../../../server/handlers/tools/current-time.ts';
import { httpRequest } from '../../../../../server/handlers/tools/http-request.ts';
import { createOutbound } from '../../../../../server/handlers/tools/outbound/outbound.ts';
import { readPage } from '../../../../../server/handlers/tools/read-page.ts';
import { toolInput } from '../../../../../server/handlers/tools/tool-input.ts';
import { modelNameOf } from '../../../../../server/handlers/tools/tool-name.ts';
import { toolOutput } from '../../../../../server/handlers/tools/tool-output.ts';
import { createTools } from '../../../../../server/handlers/tools/tool-registry.ts';
import { defineTool } from '../../../../../server/handlers/tools/tool.ts';
import type { Tool } from '../../../../../server/handlers/tools/tool.ts';
import { codeOf } from '../handler-run.ts';

/** As the loop does: checks the arguments, then calls. */
async function call(tool: Tool, input: unknown): Promise<unknown> {
  const checked = toolInput(tool).check(input);
  if ('problem' in checked) throw new Error(`wrong arguments: ${checked.problem}`);
  const context = { signal: AbortSignal.timeout(5_000), idempotencyKey: 'k', userId: 'local' as UserId };
  return tool.execute(checked.value, context);
}

describe('the calculator', () => {
  const calculate = (expression: string) => call(calculator, { expression });

  test.each([
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['2 ^ 10', 1024],
    ['sqrt(2) ^ 2 - 2 < 0.001', true],
    ['round(sin(PI / 2) * 100) / 100', 1],
    ['max(1, 5, 3) + fac(5)', 125],
    ['1e3 / 8 % 7', 6],
  ])('[TOOL-30] %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  test.each([
    '1 / 0',
    'x = 5',
    'f(x) = x; f(1)',
    'f(x) = f(x); f(1)',
    '"text"',
    '"a" || "b"',
    '[1, 2, 3]',
    'map(f, [1])',
    'random()',
    'x',
    'constructor',
    'toString()',
    '__proto__',
    'sin.constructor("return process")()',
    '(1).constructor',
    'E.constructor',
    'process.exit()',
    'import("fs")',
    '',
    '1 +',
    '('.repeat(900),
    'fac(1e9)',
    '9'.repeat(1_001),
  ])('[TOOL-30] %s gives an error and no result', async (expression) => {
    const start = performance.now();
    await expect(calculate(expression)).rejects.toThrow(/./);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('the time', () => {
  test('[TOOL-31] is told in the zone that is asked for', async () => {
    const tool = currentTime(() => Date.UTC(2026, 0, 31, 23, 30));
    expect(await call(tool, {})).toMatchObject({ utc: '2026-01-31T23:30:00.000Z', timeZone: 'UTC' });
    const { local } = (await call(tool, { timeZone: 'Asia/Tokyo' })) as { local: string };
    expect(local).toContain('Sunday');
    expect(local).toContain('1 February 2026');
    await expect(call(tool, { timeZone: 'Mars/Base' })).rejects.toThrow('time zone');
  });
});

describe('pages and requests', () => {
  let body = '';
  let type = 'text/html; charset=utf-8';
  let seen: { method: string | undefined; url: string | undefined; body: string } = { method: '', url: '', body: '' };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      seen = { method: request.method, url: request.url, body: text };
      response.writeHead(request.url === '/missing' ? 404 : 200, { 'content-type': type }).end(body);
    });
  });
  let origin = '';
  let outbound = createOutbound();
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    origin = `http://${host}`;
    outbound = createOutbound({ allowedHosts: [host] });
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  test('[TOOL-32] a page is its readable text', async () => {
    body = `<html><head><title>T</title><script>alert(1)</script><style>p{}</style></head><body><nav>menu</nav>
      <main><h1>Prices</h1><p>A cup is <b>3 €</b>.</p><ul><li>one</li></ul></main></body></html>`;
    type = 'text/html; charset=utf-8';
    const page = await call(readPage(outbound), { url: `${origin}/a` });
    expect(page).toMatchObject({ url: `${origin}/a`, isWhole: true });
    const { text } = page as { text: string };
    expect(text).toContain('A cup is 3 €.');
    expect(text).not.toMatch(/alert|menu|p\{/);
  });

  test('[TOOL-36] a page that was read is a source, and so is what was asked for with GET; what failed or changed something is none', async () => {
    body = '<html><head><title>Prices &amp; cups</title></head><body><p>A cup is 3 €.</p></body></html>';
    type = 'text/html';
    const page = await call(readPage(outbound), { url: `${origin}/a` });
    const sourcesOf = (tool: Tool, output: unknown, input: unknown = {}) => tool.sources?.(output, input);
    const [source] = sourcesOf(readPage(outbound), page) ?? [];
    expect(source).toEqual({ title: 'Prices & cups', url: `${origin}/a`, excerpt: 'A cup is 3 €.' });
    type = 'application/json';
    body = '{"ok":true}';
    const request = httpRequest(outbound);
    const input = { url: `${origin}/b` };
    const answer = await call(request, input);
    const { host } = new URL(origin);
    expect(sourcesOf(request, answer, input)).toEqual([{ title: `${host}/b`, url: `${origin}/b`, excerpt: body }]);
    expect(sourcesOf(request, answer, { ...input, method: 'POST' })).toEqual([]);
    const missing = await call(request, { url: `${origin}/missing` });
    expect(sourcesOf(request, missing, { url: `${origin}/missing` })).toEqual([]);
    expect(sourcesOf(request, 'cut […]', input)).toEqual([]);
    const long = { url: origin, title: 't'.repeat(5_000), text: 'word '.repeat(5_000) };
    const [cut] = sourcesOf(readPage(outbound), long) ?? [];
    expect([cut?.title.length, cut?.excerpt?.length]).toEqual([201, 301]);
  });

  test('[TOOL-32] a page that is too long is cut, and a hostile one takes no long time', async () => {
    body = `<main>${'<p>word </p>'.repeat(100_000)}</main>`;
    const long = (await call(readPage(outbound), { url: origin })) as { text: string; isWhole: boolean };
    expect(long.isWhole).toBe(false);
    expect(long.text.length).toBeLessThanOrEqual(limits.toolOutput);
    body = '<div>'.repeat(100_000);
    await call(readPage(outbound), { url: origin });
  });

  test('[TOOL-32] what is no text, or no page, is an error that says so', async () => {
    body = 'x';
    type = 'image/png';
    await expect(call(readPage(outbound), { url: origin })).rejects.toThrow('image/png');
    type = 'text/plain';
    await expect(call(readPage(outbound), { url: `${origin}/missing` })).rejects.toThrow('404');
    await expect(call(readPage(createOutbound()), { url: origin })).rejects.toThrow('not a public address');
  });

  test('[TOOL-33] a request is sent as it was asked for, and its answer told whatever the status', async () => {
    type = 'application/json';
    body = '{"ok":true}';
    const input = { url: `${origin}/missing`, method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hi' };
    expect(await call(httpRequest(outbound), input)).toEqual({
      url: `${origin}/missing`,
      status: 404,
      type: 'application/json',
      body: '{"ok":true}',
      isWhole: true,
    });
    expect(seen).toEqual({ method: 'POST', url: '/missing', body: 'hi' });
  });

  test('[TOOL-33] only what asks is read-only, and headers that say how it is sent are refused', async () => {
    const { readOnly, approval } = httpRequest(outbound);
    const of = (method: string) => typeof readOnly === 'function' && readOnly({ method });
    expect(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map(of)).toEqual([true, true, false, false, false, false]);
    expect(approval).toBe(true);
    for (const headers of [
      { Host: 'x' },
      { 'Transfer-Encoding': 'chunked' },
      { 'X-Forwarded-For': '1.1.1.1' },
      { a: 'b\r\nc: d' },
    ])
      await expect(call(httpRequest(outbound), { url: origin, headers })).rejects.toThrow('wrong arguments');
  });
});

describe('the registry', () => {
  const own = defineTool({
    name: 'weather',
    description: 'The weather.',
    schema: z.object({ city: z.string() }),
    readOnly: true,
    execute: ({ city }) => `sunny in ${city}`,
  });

  test('[TOOL-34] lists built-in and own tools', async () => {
    const list = await createTools({ own: [own] }).list();
    expect(list.map(({ name, source, approval }) => [name, source, approval])).toEqual([
      ['current_time', 'built-in', false],
      ['calculator', 'built-in', false],
      ['read_page', 'built-in', false],
      ['http_request', 'built-in', true],
      ['weather', 'own', false],
    ]);
  });

  test('[TOOL-34] makes the tools of an assistant ready once, with its approvals', async () => {
    const tools = createTools({ own: [own] });
    const wanted = [
      { name: 'weather', approval: true },
      { name: 'http_request', approval: false },
    ];
    const set = await tools.toolset(wanted);
    expect(await tools.toolset(structuredClone(wanted))).toBe(set);
    expect([set?.find('weather')?.approval, set?.find('http_request')?.approval]).toEqual([true, false]);
    expect(await tools.toolset([])).toBeNull();
    expect(codeOf(await tools.toolset([{ name: 'gone' }]).catch((error: unknown) => error))).toBe('TOOL_FAILED');
    expect(codeOf(await tools.toolset([{ name: 'mcp:gone' }]).catch((error: unknown) => error))).toBe('TOOL_FAILED');
  });

  test('[TOOL-34] refuses own tools whose names cannot be used or are taken', () => {
    expect(() => createTools({ own: [{ ...own, name: 'two words' }] })).toThrow('two words');
    expect(() => createTools({ own: [{ ...own, name: 'calculator' }] })).toThrow('already');
  });

  test('[TOOL-35] a name that a model gets is always the same, and one that every provider takes', () => {
    expect(modelNameOf('mcp:files/read')).toBe('files__read');
    const long = modelNameOf(`mcp:server/${'x'.repeat(100)}`);
    expect(long).toHaveLength(64);
    expect(long).not.toBe(modelNameOf(`mcp:server/${'x'.repeat(101)}`));
    expect(modelNameOf('mcp:a.b/c d/é')).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });

  test('[TOOL-13] an output is JSON, clean and bounded', () => {
    expect(toolOutput(undefined)).toBeNull();
    expect(toolOutput({ a: 'x\0y', b: () => 1 })).toEqual({ a: 'x\uFFFDy' });
    expect(toolOutput({ long: 'x'.repeat(100) }, 20)).toBe('{"long":"xxxxxxxxxxx […]');
    expect(() => toolOutput(1n)).toThrow('BigInt');
  });

  test('[TOOL-4] arguments are checked by JSON Schema too', () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'] };
    const input = toolInput({ schema });
    expect(input.check({ n: 2 })).toEqual({ value: { n: 2 } });
    expect(input.check({ n: 0 })).toHaveProperty('problem');
    expect(input.check({})).toHaveProperty('problem');
  });
});
