import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOutbound } from '../../../../../../server/handlers/tools/outbound/outbound.ts';
import { createHttp } from '../../../../../../server/handlers/workflow/executors/http.ts';
import { limits } from '../../../../../../shared/limits.ts';
import type { WorkflowNodeOf } from '../../../../../../shared/workflow-node.ts';
import { codeOf } from '../../handler-run.ts';
import { nodeContext, worked } from '../node-context.ts';
import type { NodeSurroundings } from '../node-context.ts';

let answer: { status?: number; type?: string; body: string | Buffer } = { body: '' };
let seen: { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders; body: string };

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    seen = { method: request.method, url: request.url, headers: request.headers, body };
    if (request.url === '/never') return;
    const { status = 200, type = 'application/json' } = answer;
    response.writeHead(status, { 'content-type': type }).end(answer.body);
  });
});

let origin = '';
let allowed = createOutbound();

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  origin = `http://${host}`;
  allowed = createOutbound({ allowedHosts: [host] });
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

type HttpNode = WorkflowNodeOf<'http'>;

function ask(changed: Partial<HttpNode> = {}, around: NodeSurroundings = {}, outbound = allowed, aliveMs = 60_000) {
  const node: HttpNode = { id: 'ask', title: 'Ask', type: 'http', method: 'GET', url: `${origin}/a`, ...changed };
  return worked(createHttp(outbound, aliveMs), node, around);
}

async function failure(...asked: Parameters<typeof ask>): Promise<[code: string, message: string]> {
  return ask(...asked).then(
    ({ result }) => expect.fail(`it made ${JSON.stringify(result)}`),
    (error: Error) => [codeOf(error), error.message],
  );
}

describe('an http node', () => {
  test('[NODE-2] sends what is filled in, and makes status, body and json', async () => {
    answer = { status: 201, body: '{"id":7,"__proto__":{"x":1}}' };
    const outputs = { form: { id: 5, name: 'Ann', tags: ['a'] } };
    const { result } = await ask(
      {
        method: 'POST',
        url: `${origin}/people/{{form.id}}?x=1`,
        headers: { 'X-Name': 'for {{form.name}}' },
        body: { name: '{{form.name}}', tags: '{{form.tags}}' },
      },
      { outputs },
    );
    expect(seen).toMatchObject({ method: 'POST', url: '/people/5?x=1', body: '{"name":"Ann","tags":["a"]}' });
    expect(seen.headers).toMatchObject({ 'x-name': 'for Ann', 'content-type': 'application/json' });
    expect(result.outputs).toEqual({ status: 201, body: answer.body, json: { id: 7 } });
  });

  test('[NODE-2] sends a text as it is, and takes any status for an answer', async () => {
    answer = { status: 500, type: 'text/plain', body: 'out of order' };
    const { result } = await ask({ method: 'PUT', headers: { 'Content-Type': 'text/csv' }, body: 'a,b' });
    expect([seen.body, seen.headers['content-type']]).toEqual(['a,b', 'text/csv']);
    expect(result.outputs).toEqual({ status: 500, body: 'out of order', json: null });
  });

  test('[NODE-2] tells the size of what is no text, and cleans what is', async () => {
    answer = { type: 'image/png', body: Buffer.alloc(10) };
    expect((await ask()).result.outputs).toEqual({ status: 200, body: '[10 bytes of image/png]', json: null });
    answer = { body: '{"a":"\\u0000\\ud800"}' };
    expect((await ask()).result.outputs).toMatchObject({ json: { a: '\ufffd\ufffd' } });
  });

  test('[NODE-3] a request that may change something has the key of its visit, unless the author has one', async () => {
    answer = { body: '{}' };
    const idempotencyKey = 'run:ask#2';
    await ask({ method: 'POST' }, { idempotencyKey });
    expect(seen.headers['idempotency-key']).toBe(idempotencyKey);
    await ask({ method: 'DELETE', headers: { 'Idempotency-Key': 'mine' } }, { idempotencyKey });
    expect(seen.headers['idempotency-key']).toBe('mine');
    await ask({ method: 'GET' }, { idempotencyKey });
    expect(seen.headers['idempotency-key']).toBeUndefined();
  });

  test('[NODE-4] asks no address that is not public', async () => {
    const outbound = createOutbound({ resolve: async () => [{ address: '10.0.0.1', family: 4 }] });
    const urls = [
      `${origin}/a`,
      'http://169.254.169.254/latest',
      'http://inside.example/',
      'file:///etc/passwd',
      'http://[::1]/',
    ];
    for (const url of urls) {
      const [code, message] = await failure({ url }, {}, outbound);
      expect([url, code]).toEqual([url, 'TOOL_FAILED']);
      expect(message).toMatch(/the request of node ask failed: .*(not a public address|https or http|one of the web)/);
    }
  });

  test('[NODE-4] has no headers that say how it is sent', async () => {
    for (const headers of [
      { Host: 'inside' },
      { 'transfer-encoding': 'chunked' },
      { a: 'x\r\ny: z' },
      { 'a b': 'x' },
    ]) {
      const [code, message] = await failure({ headers });
      expect(code).toBe('WORKFLOW_INVALID');
      expect(message).toMatch(/node ask, field headers/);
    }
  });

  test('[NODE-5] takes as long as it may, and tells meanwhile that it lives', async () => {
    const [code, message] = await failure({ url: `${origin}/never`, timeoutMs: 100 });
    expect([code, message]).toEqual(['TOOL_FAILED', 'the request of node ask failed: it took longer than 100 ms']);
    const stop = new AbortController();
    const work = createHttp(allowed, 20)(
      { id: 'ask', title: 'Ask', type: 'http', method: 'GET', url: `${origin}/never` },
      nodeContext({ signal: stop.signal }),
    );
    expect(await work.next()).toEqual({ done: false, value: { type: 'alive' } });
    stop.abort(new Error('stopped'));
    await expect(work.next()).rejects.toThrow('stopped');
  });

  test('[NODE-5] takes no answer that is too long, or nested too deep', async () => {
    answer = { type: 'text/plain', body: 'x'.repeat(limits.workflowHttpBytes + 1) };
    expect((await failure())[0]).toBe('WORKFLOW_LIMIT');
    answer = { body: '['.repeat(100_000) + ']'.repeat(100_000) };
    expect((await failure())[0]).toBe('WORKFLOW_LIMIT');
  });
});
