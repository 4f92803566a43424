import { ConnectError } from '../../../db/connect-error.ts';
import { inspectDatabase } from '../../../db/inspect.ts';
import type { DatabaseState } from '../../../db/inspect.ts';
import type { Config } from '../../config.ts';
import { defaults } from '../../config.ts';
import { ok, problem, problemOf, warning } from './finding.ts';
import type { Finding } from './finding.ts';

/** @param isRunning whether a Switchboard answers at the port, whose database then is in use as it should be */
export async function checkDatabase({ databaseUrl, dataDir }: Config, isRunning: boolean): Promise<Finding> {
  try {
    const state = await inspectDatabase({ databaseUrl, dataDir: dataDir ?? defaults.dataDir });
    return state.kind === 'embedded' ? ofFolder(state, isRunning) : ofServer(state);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return problemOf('database', error.message);
  }
}

function ofFolder(
  { exists, folder, heldBy }: Extract<DatabaseState, { kind: 'embedded' }>,
  isRunning: boolean,
): Finding {
  const where = `embedded in ${folder}`;
  if (heldBy === null) return ok('database', `${where}${exists ? '' : ', which the first start makes'}`);
  const found = `${where}, in use by process ${heldBy}`;
  if (isRunning) return ok('database', found);
  return problem('database', found, `stop that process (kill ${heldBy}), or set DATA_DIR to another folder`);
}

function ofServer({ address, pending, version }: Extract<DatabaseState, { kind: 'server' }>): Finding {
  const found = `Postgres ${version} at ${address}`;
  if (pending === 0) return ok('database', `${found}, migrated`);
  if (pending > 0) return ok('database', `${found}, ${pending} migrations to run at the next start`);
  return warning(
    'database',
    `${found}, migrated by a newer version`,
    'start that newer version, or use another database',
  );
}
