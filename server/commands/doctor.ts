import { checkConfig } from './doctor/check-config.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { checkModels } from './doctor/check-models.ts';
import { checkNode } from './doctor/check-node.ts';
import { checkPage } from './doctor/check-page.ts';
import { checkPort } from './doctor/check-port.ts';
import { checkRunning } from './doctor/check-running.ts';
import { jsonOf, lineOf } from './doctor/finding.ts';
import type { Finding } from './doctor/finding.ts';

/**
 * Looks at everything that a server would be started with, prints a line for each thing that it looked at and resolves to
 * the exit code: 1 when there is a problem. Nothing is changed; at most twelve seconds pass.
 */
export async function doctor(env: NodeJS.ProcessEnv, { json }: { readonly json: boolean }): Promise<number> {
  let problems = 0;
  const print = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      if (finding.state === 'problem') problems += 1;
      process.stdout.write(`${json ? jsonOf(finding) : lineOf(finding)}\n`);
    }
  };
  print([checkNode(process.versions.node)]);
  const { findings, config } = checkConfig(env, process.cwd());
  print(findings);
  const port = await checkPort(config);
  print([await checkDatabase(config, port.running !== null), port.finding]);
  const { defaultModel, findings: ofModels } = await checkModels(config);
  if (port.running !== null) print([await checkRunning(port.running, defaultModel)]);
  print(ofModels);
  print([checkPage()]);
  if (!json) process.stdout.write(`\n${summaryOf(problems)}\n`);
  return problems === 0 ? 0 : 1;
}

function summaryOf(problems: number): string {
  if (problems === 0) return 'No problem found.';
  return `${problems} ${problems === 1 ? 'problem' : 'problems'} found; each line says what to do.`;
}
