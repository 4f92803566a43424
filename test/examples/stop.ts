/**
 * Stopping an answer: what was written until then is kept, and the chat goes on.
 *
 *     npm start                             in one terminal
 *     npx node test/examples/stop.ts        in another
 */
import assert from 'node:assert/strict';
import { createChatClient } from 'switchboard/client';
import { textOf } from 'switchboard/shared';

const client = createChatClient({ url: process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000' });

const chat = await client.api.chat.create.mutate({ title: 'A story that is cut short' });
const { cursor, runId } = await client.send({ chatId: chat.id, text: 'Tell me a very long story.' });

let seen = '';
let ending = '';
for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
  if (event.type === 'message.delta') {
    seen += event.text;
    // Any client may stop it, not only the one that asked. Stopping twice does no harm.
    if (seen.length > 40) await client.stop({ chatId: chat.id, runId });
  }
  if (event.type === 'run.ended' && event.runId === runId) {
    ending = event.status;
    break;
  }
}
assert.equal(ending, 'stopped');

const { messages } = await client.api.chat.history.query({ chatId: chat.id });
const story = messages.at(-1);
assert.ok(story);
assert.equal(story.status, 'stopped');
assert.ok(textOf(story).startsWith(seen));
console.log(`stopped after ${textOf(story).length} characters: ${textOf(story).slice(0, 60)}…`);

// The chat is free at once.
const next = await client.send({ chatId: chat.id, text: 'Never mind.' });
assert.equal(next.disposition, 'started');
await client.stop({ chatId: chat.id, runId: next.runId });
await client.close();
