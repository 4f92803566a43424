/**
 * `node test/bench/own-tokens.ts --streams 1000 --seconds 10`: how many streams one core keeps at 50 tokens a second when
 * the answers come from a handler that makes its own tokens, so that nothing but the way from there to the socket counts.
 *
 * The server is a process of its own; each stream has a chat and a connection of its own, read as raw frames. Pace 1: all
 * tokens of the time came in that time.
 */
import { parseArgs } from 'node:util';
import type { Chat } from '../../shared/chat.ts';
import { startMeasuredServer } from '../helpers/measured-server.ts';
import { RawClient } from '../helpers/raw-client.ts';

const { values } = parseArgs({
  options: { streams: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '10' } },
});
const streams = Number(values.streams);
const seconds = Number(values.seconds);
if (!(Number.isSafeInteger(streams) && streams > 0 && seconds > 0))
  throw new Error(`--streams, --seconds: expected numbers above 0, got ${values.streams} and ${values.seconds}`);

const tokenEveryMs = 20;
const token = 'token ';
const textField = '"text":"';
await using server = await startMeasuredServer();
let characters = 0;
let frames = 0;
const clients: RawClient[] = [];
for (let made = 0; made < streams; made += 1) {
  const client = await RawClient.connect(server.url);
  const chat = await client.mutate<Chat>('chat.create', {});
  clients.push(client);
  const call = (id: number, method: string, path: string, input: object) =>
    client.socket.send(JSON.stringify({ id, method, params: { path, input } }));
  client.socket.removeAllListeners('message');
  client.socket.on('message', (data: Buffer) => {
    const text = data.toString('latin1');
    if (!text.includes('"message.delta"')) return;
    frames += 1;
    const start = text.lastIndexOf(textField) + textField.length;
    // The tokens are digits: the next quotation mark ends them.
    characters += text.indexOf('"', start) - start;
  });
  call(1, 'subscription', 'chat.stream', { chatId: chat.id });
  call(2, 'mutation', 'chat.send', { chatId: chat.id, text: `text 1000000 ${token.length} ${tokenEveryMs}` });
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
await wait(2_000);
const before = { ...(await server.measure()), characters, frames, at: performance.now() };
await wait(seconds * 1_000);
const after = { ...(await server.measure()), characters, frames, at: performance.now() };
const elapsedMs = after.at - before.at;
const tokens = (after.characters - before.characters) / token.length;
console.log(
  JSON.stringify({
    streams,
    pace: round(tokens / ((elapsedMs / tokenEveryMs) * streams)),
    cores: round((after.cpuMs - before.cpuMs) / elapsedMs),
    cpuMicrosecondsPerToken: round(((after.cpuMs - before.cpuMs) * 1_000) / tokens),
    tokensPerFrame: round(tokens / (after.frames - before.frames)),
    longestHoldUpMs: round(after.longestMs),
  }),
);
for (const client of clients) client.cut();

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
