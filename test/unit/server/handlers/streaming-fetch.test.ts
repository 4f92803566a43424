import { expect, test } from 'vitest';
import { eventsBody, streamingFetch, wantsEvents } from '../../../../server/handlers/streaming-fetch.ts';
import { startRawProvider } from '../../../helpers/raw-provider.ts';

const head = (type: string): string => `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;

test('[PRV-14] an answer to a request that wants no events can be read before its end', async () => {
  await using provider = await startRawProvider(() => [head('text/plain'), '5\r\nfirst\r\n', { end: 'hang' }]);
  const leave = new AbortController();
  const { body } = await streamingFetch(`http://127.0.0.1:${provider.port}/`, { method: 'POST', signal: leave.signal });
  const read = await body?.getReader().read();
  expect(new TextDecoder().decode(read?.value)).toBe('first');
  leave.abort();
});

test.each([wantsEvents.accept, 'application/json'])(
  '[PRV-11] a redirect is answered as it is, for %s',
  async (accept) => {
    await using other = await startRawProvider(() => ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n']);
    const location = `http://127.0.0.1:${other.port}/`;
    await using provider = await startRawProvider(() => [
      `HTTP/1.1 307 Elsewhere\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`,
    ]);
    const headers = { accept, 'x-api-key': 'secret' };
    const { status } = await streamingFetch(`http://127.0.0.1:${provider.port}/`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    expect({ status, asked: other.requests.length }).toEqual({ status: 307, asked: 0 });
  },
);

test('[PRV-5] what was not asked for as events cannot be read as such', () => {
  expect(() => eventsBody(new Response('data: {}\n\n'))).toThrow(TypeError);
});

test('[PRV-16] a status that HTTP does not know is a failure of a gateway, and keeps when to come again', async () => {
  await using provider = await startRawProvider(() => [
    'HTTP/1.1 999 Denied\r\nretry-after: Wed, 21 Oct 2065 07:28:00 GMT\r\ncontent-length: 0\r\n\r\n',
  ]);
  const request = { method: 'POST', headers: wantsEvents, body: '{}' };
  const { status, headers } = await streamingFetch(`http://127.0.0.1:${provider.port}/`, request);
  expect([status, headers.get('retry-after')]).toEqual([502, 'Wed, 21 Oct 2065 07:28:00 GMT']);
});
