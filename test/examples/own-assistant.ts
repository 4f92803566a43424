/**
 * An assistant of your own: made, tried out before anybody else sees it, changed, published.
 *
 *     npm start                                   in one terminal
 *     npx node test/examples/own-assistant.ts     in another
 */
import assert from 'node:assert/strict';
import { createChatClient } from 'switchboard/client';

const client = createChatClient({ url: process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000' });
const { assistant, chat } = client.api;

// Only the name is needed; no model means the server's default.
const { id: assistantId } = await assistant.create.mutate({
  name: 'Tutor',
  avatar: '🦉',
  prompt: 'You are a patient tutor. Answer with one question that leads on.',
  guideQuestions: ['Why is the sky blue?'],
});

// Until it is published it answers its owner alone. A debug chat is in no list, and gone an hour after its last use.
const trial = await chat.create.mutate({ app: { kind: 'assistant', id: assistantId }, debug: true });
const { cursor, runId } = await client.send({ chatId: trial.id, text: 'Why is the sky blue?' });
for await (const event of client.stream({ chatId: trial.id, lastEventId: cursor })) {
  if (event.type === 'message.delta' && event.kind === 'text') process.stdout.write(event.text);
  if (event.type === 'run.started') assert.equal(event.run.appVersion, 1);
  if (event.type === 'run.ended' && event.runId === runId) break;
}
process.stdout.write('\n');

// A change makes the next version. `ifVersion` refuses it when somebody else was faster.
const changed = await assistant.update.mutate({ assistantId, ifVersion: 1, parameters: { maxOutputTokens: 500 } });
assert.equal(changed.version, 2);
const { versions } = await assistant.versions.query({ assistantId });
assert.deepEqual(
  versions.map(({ version, parameters }) => [version, parameters.maxOutputTokens]),
  [
    [2, 500],
    [1, null],
  ],
);

// From here on it is in everybody's list; its prompt stays its owner's.
const published = await assistant.publish.mutate({ assistantId });
assert.ok(published.published);
console.log(`${published.avatar} ${published.name}, version ${published.version}, is published`);

await assistant.delete.mutate({ assistantId });
await client.close();
