/**
 * A first conversation: make a chat, ask something, print the answer while it is written, and read it back.
 *
 *     npm start                                   in one terminal
 *     npx node test/examples/first-chat.ts        in another
 */
import assert from 'node:assert/strict';
import { createChatClient } from 'switchboard/client';
import { textOf } from 'switchboard/shared';

const client = createChatClient({ url: process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000' });

const chat = await client.api.chat.create.mutate({ title: 'My first chat' });
const { cursor, runId } = await client.send({ chatId: chat.id, text: 'What are you?' });

// `cursor` is the place just after the message: from there the stream has everything that comes of it.
let answer = '';
for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
  if (event.type === 'message.delta' && event.kind === 'text') {
    answer += event.text;
    process.stdout.write(event.text);
  }
  // A stream follows its chat for ever; this program wants one answer.
  if (event.type === 'run.ended' && event.runId === runId) break;
}
process.stdout.write('\n');

// What was streamed is what is stored, today and next week.
const { messages } = await client.api.chat.history.query({ chatId: chat.id });
assert.deepEqual(
  messages.map((message) => [message.role, message.status, textOf(message)]),
  [
    ['user', 'completed', 'What are you?'],
    ['assistant', 'completed', answer],
  ],
);
await client.close();
