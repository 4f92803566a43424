import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createModels } from '../../../../server/handlers/models.ts';
import { assistantHandler, codeOf, handlerRun, produce } from './handler-run.ts';

/** What an answer fails with when this is the base URL. */
async function failure(openaiBaseUrl: string): Promise<{ code: string; message: string }> {
  const models = createModels({ openaiBaseUrl, defaultModel: 'openai:lama' });
  const { error } = await produce(assistantHandler(models), handlerRun('hello'));
  return { code: codeOf(error), message: error instanceof Error ? error.message : '' };
}

describe('a model', () => {
  test('[AST-16] at an address where nobody listens names the address and the variable', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await closed[Symbol.asyncDispose]();
    const { code, message } = await failure(`http://me:hush@127.0.0.1:${port}/v1?key=hush`);
    expect(code).toBe('MODEL_UNAVAILABLE');
    expect(message).toContain(`openai:lama cannot be reached at http://127.0.0.1:${port}/v1 (`);
    expect(message).toContain('OPENAI_BASE_URL');
    expect(message).not.toContain('hush');
  });

  test('[AST-16] at a host that does not exist points at the name of the host', async () => {
    const { code, message } = await failure('http://model.invalid/v1');
    expect(code).toBe('MODEL_UNAVAILABLE');
    expect(message).toMatch(
      /at http:\/\/model\.invalid\/v1 \((ENOTFOUND|EAI_AGAIN)\); check the name of the host in OPENAI_BASE_URL/,
    );
  });

  test('[PRV-11] at an address that redirects names the variable, and is not asked again', async () => {
    let asked = 0;
    await using provider = createServer((_, response) => {
      asked += 1;
      response.writeHead(308, { location: 'https://elsewhere.invalid/' }).end();
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const openaiBaseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
    const { code, message } = await failure(openaiBaseUrl);
    expect({ code, asked }).toEqual({ code: 'MODEL_BAD_REQUEST', asked: 1 });
    expect(message).toContain(`OPENAI_BASE_URL=${openaiBaseUrl} sends its requests elsewhere (it answered 308)`);
    expect(message).toContain('set OPENAI_BASE_URL to where it leads');
  });

  test.each([
    [404, '<!DOCTYPE html><html><body>Not found</body></html>'],
    [404, '404 page not found'],
    [405, '<html>Not allowed</html>'],
  ])('[AST-16] at a base URL without its /v1, answered with %i %s, says what to try', async (status, body) => {
    await using provider = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const openaiBaseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const { code, message } = await failure(openaiBaseUrl);
    expect(code).toBe('MODEL_BAD_REQUEST');
    expect(message).toContain(
      `there is no API for openai:lama at OPENAI_BASE_URL=${openaiBaseUrl} (it answered ${status})`,
    );
    expect(message).toContain(`try OPENAI_BASE_URL=${openaiBaseUrl}/v1`);
    expect(message).not.toContain('<');
  });

  test('[AST-16] at a base URL that answers with a page says so too', async () => {
    await using web = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html><body>Hello</body></html>');
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const openaiBaseUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const { message } = await failure(openaiBaseUrl);
    expect(message).toContain(`OPENAI_BASE_URL=${openaiBaseUrl}`);
    expect(message).toContain('usually ends in /v1');
  });
});
