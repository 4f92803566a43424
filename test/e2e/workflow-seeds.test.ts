import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatClient } from '../../client/index.ts';
import { textOf } from '../../shared/message.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';

let running: ServerWithModel;
let client: ChatClient;
beforeAll(async () => {
  running = await startServerWithModel({
    answer: ({ body }) => [`<${body.messages.at(-1)?.content as string}>`],
  });
  client = createChatClient({ url: running.url });
}, 120_000);
afterAll(async () => {
  await client.close();
  await running[Symbol.asyncDispose]();
});

/** Runs a workflow of a fresh database by its name, with these answers to its questions, and gives what it said. */
async function runReady(name: string, text: string, answers: readonly unknown[] = []): Promise<string> {
  const { workflows } = await client.api.workflow.list.query({});
  const found = workflows.find((workflow) => workflow.name === name);
  if (!found) throw new Error(`expected a workflow ${name}`);
  const { id: chatId } = await client.create({ app: { kind: 'workflow', id: found.id } });
  const { cursor } = await client.send({ chatId, text });
  const left = [...answers];
  let said = '';
  for await (const event of client.stream({ chatId, lastEventId: cursor })) {
    if (event.type === 'input.requested')
      await client.respond({ chatId, inputId: event.input.id, value: left.shift() });
    if (event.type === 'message.completed') said = textOf(event.message);
    if (event.type === 'run.ended')
      return event.status === 'completed' && left.length === 0 ? said : JSON.stringify(event);
  }
  throw new Error('expected the run to end');
}

test('[WFM-11] the ready workflow with a form plans long and short trips differently', async () => {
  const trip = (days: number) => ({ place: 'Jena', days, pace: 'Slowly' });
  expect(await runReady('Trip planner', 'rest', [trip(9)])).toMatch(
    /^<Wish: rest\n\nPlan 9 days in or around Jena\. Pace: Slowly\..*>\n\nHave a good trip to Jena!$/,
  );
  expect(await runReady('Trip planner', 'rest', [trip(2)])).toContain('Plan 2 days in Jena, day by day.');
});

test('[WFM-11] the ready workflow with an approval goes on as it is told', async () => {
  const letter = (...answers: string[]) => runReady('Letter with approval', 'thanks', answers);
  expect(await letter('approve')).toMatch(/^<thanks>\n\nShall it go out like this\?\n\nApproved\./);
  expect(await letter('discard')).toMatch(/Nothing goes out\.$/);
  expect(await letter('change', 'shorter')).toMatch(/<The letter:\n\n<thanks>\n\nWhat should be different: shorter>$/);
});

test('[WFM-11] the ready workflow with a loop says something about each line', async () => {
  expect(await runReady('One by one', 'apples\n\n pears ')).toBe(
    ['apples', 'pears']
      .map((item) => `**${item}**: <${item}: What is worth knowing about it, in one sentence?>`)
      .join('\n\n') + '\n\nThat were all 2.',
  );
});
