import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/server-process.ts';
import { root } from '../helpers/source-files.ts';

test('[EXA-3] an example that fails makes `npm run examples` fail, with what it printed', async () => {
  await using folder = await temporaryFolder();
  const example = join(folder.path, 'wrong.ts');
  await writeFile(example, "console.log('I say', process.env['SWITCHBOARD_URL']); throw new Error('not as promised');");
  const run = promisify(execFile)(process.execPath, ['test/run-examples.ts', example], { cwd: root });
  await expect(run).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^FAILED wrong .*\nI say http:\/\/127\.0\.0\.1:\d+\n[\s\S]*not as promised/),
  });
});
