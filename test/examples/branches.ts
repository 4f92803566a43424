/**
 * Another answer to the same message, and back to the first one: nothing that was said is lost.
 *
 *     npm start                                   in one terminal
 *     npx node test/examples/branches.ts          in another
 */
import assert from 'node:assert/strict';
import { createChatClient } from 'switchboard/client';

const client = createChatClient({ url: process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000' });
const { chat: chats } = client.api;

const chat = await client.create({ title: 'Two answers' });
const first = await client.send({ chatId: chat.id, text: 'What are you?' });
await ended(first);
const second = await client.regenerate({ chatId: chat.id, messageId: first.messageId });
await ended(second);

// The chat shows the new answer, and says that there are two in its place. Siblings come with snapshots and pages.
const [question, answer] = (await chats.history.query({ chatId: chat.id })).messages;
assert.ok(question && answer?.siblings);
assert.equal(answer.runId, second.runId);
const { ids, index } = answer.siblings;
assert.deepEqual([ids.length, index], [2, 1]);
console.log(`answer ${index + 1} of ${ids.length} is shown`);

// Everybody who watches the chat is shown the branch that is selected.
const [older] = ids;
assert.ok(older);
await chats.selectBranch.mutate({ chatId: chat.id, messageId: older });
const { messages } = await chats.history.query({ chatId: chat.id });
assert.deepEqual(
  messages.map(({ id }) => id),
  [question.id, older],
);
assert.equal(messages[1]?.runId, first.runId);
console.log('answer 1 of 2 is shown again');
await client.close();

/** A snapshot, which comes where a branch begins, may stand for the end too. */
async function ended({ runId, cursor }: { readonly runId: string; readonly cursor: string }): Promise<void> {
  for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
    if (event.type === 'run.ended' && event.runId === runId) return;
    if (
      event.type === 'snapshot' &&
      event.messages.some(({ runId: id, status }) => id === runId && status !== 'streaming')
    )
      return;
  }
}
