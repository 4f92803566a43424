import { expect, test } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import { AccountUsage } from '../../shared/usage.ts';
import { switchboard } from '../helpers/command.ts';
import { startServerWithModel } from '../helpers/server.ts';

const run = async (...args: string[]) => {
  await using command = switchboard(['usage', ...args], '');
  return { code: await command.ended, ...command.printed };
};

test('[CLI-29] tells what was used by day and model, and what is left of the budget', async () => {
  await using server = await startServerWithModel(
    { answer: () => ['yes', { usage: { input: 1_200, output: 34 } }] },
    { dailyTokens: 4_000 },
  );
  const url = ['--url', server.url];
  const none = await run(...url, '--days', '1');
  const day = new Date().toISOString().slice(0, 10);
  expect(none).toMatchObject({ code: 0, stderr: '' });
  expect(none.stdout).toMatch(`nothing was used from ${day} to ${day}\n0 of the 4000 tokens of ${day} are used`);
  const client = createChatClient({ url: server.url });
  const { id: chatId } = await client.create();
  await client.send({ chatId, text: 'go' });
  for await (const event of client.stream({ chatId }))
    if (event.type === 'run.ended' || (event.type === 'snapshot' && event.activeRun === null)) break;
  await client.close();
  const { stdout } = await run(...url);
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'day         model          calls  input  output',
    `${day}  openai:double      1   1200      34`,
    'all                            1   1200      34',
  ]);
  expect(stdout).toContain(`1234 of the 4000 tokens of ${day} are used or set aside`);
  const json = await run(...url, '--json');
  expect(AccountUsage.parse(JSON.parse(json.stdout))).toMatchObject({ days: [{ calls: 1 }], budget: { spent: 1_234 } });
  const refused = await run(...url, '--days', '93');
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('expected a whole number from 1 to 92');
});
