import { ok, problem } from './finding.ts';
import type { Finding } from './finding.ts';

/** The oldest Node that runs TypeScript without a build. */
const oldest = { major: 22, minor: 18 };

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return ok('node', version);
  return problem(
    'node',
    `${version} is too old`,
    `install ${oldest.major}.${oldest.minor} or newer: https://nodejs.org`,
  );
}
