import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { warningsOf } from '../../../../server/commands/serve.ts';
import { readConfig } from '../../../../server/config.ts';
import { temporaryFolder } from '../../../helpers/server-process.ts';

const notBuilt = 'The page is not built, so that a browser finds none; build it with npm run build, and start again.';

test('[CFG-10] a page that is not built is told, with the command that builds it', async () => {
  await using folder = await temporaryFolder();
  const warnings = (): string[] => warningsOf({ defaultModel: 'demo:guide' }, readConfig({}), folder.path);
  expect(warnings()).toEqual([notBuilt]);
  await writeFile(join(folder.path, 'index.html'), '');
  expect(warnings()).toEqual([]);
});

test.each([
  [{}, 'openai:gpt-5-mini', 1],
  [{ DEFAULT_MODEL: 'openai:gpt-5-mini' }, 'openai:gpt-5-mini', 0],
  [{ DEFAULT_MODEL: 'demo:guide' }, 'demo:guide', 0],
])('[CFG-10] a compatible server with %o, so that %s answers, is %i doubt', async (env, defaultModel, doubts) => {
  const config = readConfig({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', ...env });
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'index.html'), '');
  const warnings = warningsOf({ defaultModel }, config, folder.path);
  expect(warnings).toHaveLength(doubts);
  for (const warning of warnings)
    expect(warning).toMatch(/seldom has openai:gpt-5-mini; set DEFAULT_MODEL=openai:NAME/);
});
