/**
 * What else matters beside the cost of a token, of our server alone: memory of idle connections, one chat with many
 * watchers, the smallest turns, resuming, readers who do not read, a restart that everybody notices. The provider is the
 * same double.
 *
 * Exits with 1 when a figure is worse than its goal.
 */
import { startChild } from '../child.ts';
import { startOurs } from '../servers/ours.ts';
import { fanOut } from './fan-out.ts';
import { idleMemory } from './idle-memory.ts';
import { resume } from './resume.ts';
import type { Finding } from './scene.ts';
import { stalled } from './stalled.ts';
import { storm } from './storm.ts';
import { turns } from './turns.ts';

const scenes = { turns, resume, fanOut, stalled, idleMemory };

// An exit that is asked for from outside takes the server along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function line({ what, value, unit, goal }: Finding): string {
  const verdict = goal === undefined ? '' : value <= goal ? `held: at most ${goal}` : `missed: at most ${goal}`;
  return `${what.padEnd(52)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(16)} ${verdict}`;
}

function report(findings: readonly Finding[]): void {
  for (const finding of findings) {
    console.log(line(finding));
    if (finding.goal !== undefined && finding.value > finding.goal) process.exitCode = 1;
  }
}

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const double = await startChild(new URL('../double.ts', import.meta.url), {});
const server = await startOurs(double.address, []);
try {
  for (const [name, scene] of Object.entries(scenes)) {
    if (isWanted(name)) report(await scene(server));
  }
  if (isWanted('storm')) report(await storm(double.address));
} finally {
  await server.stop();
  await double.stop();
}
