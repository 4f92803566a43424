import type { KeyStore } from '../../db/key-store.ts';
import { everybodyIsLocal } from '../authenticate.ts';
import type { Authenticate } from '../authenticate.ts';
import { ConfigError, refuseOpenDoor, refuseUnclearTokens } from '../config.ts';
import type { Config } from '../config.ts';
import { identifier } from '../edge.ts';
import type { Identify } from '../edge.ts';
import type { Logger } from '../logger.ts';
import { Accounts } from './accounts.ts';
import { ApiKeys } from './api-keys.ts';
import { checkJwts } from './jwt.ts';
import { checkTokens, jwtRulesOf } from './token-check.ts';

/** How this server finds out who is calling. */
export interface Auth {
  /** `local`: nobody is asked, and everybody is the user `local`. */
  readonly kind: 'local' | 'token';
  readonly identify: Identify;
  readonly accounts: Accounts;
  close(): void;
}

interface AuthOptions {
  readonly config: Config;
  /** The check of a program around the server, in place of all others. */
  readonly authenticate: Authenticate | undefined;
  readonly keys: KeyStore;
  readonly logger: Logger;
}

/** Whether this can be a server, before anything is opened. Errors: `ConfigError`. */
export function checkAuth(config: Config, authenticate: Authenticate | undefined): void {
  refuseUnclearTokens(config);
  if (!authenticate) return refuseOpenDoor(config);
  if (jwtRulesOf(config) === null) return;
  throw new ConfigError('authenticate: AUTH_SECRET or AUTH_JWKS_URL is set too; hand in one or the other');
}

export function createAuth({ config, authenticate, keys: store, logger }: AuthOptions): Auth {
  const rules = jwtRulesOf(config);
  const keys = authenticate ? null : new ApiKeys({ store, logger, isShared: config.databaseUrl !== undefined });
  const checked = rules && keys ? checkTokens(checkJwts(rules, logger), keys.authenticate) : null;
  const identify = identifier(authenticate ?? checked ?? everybodyIsLocal, logger);
  return {
    kind: authenticate || checked ? 'token' : 'local',
    identify,
    accounts: new Accounts({ keys, identify }),
    close: () => keys?.close(),
  };
}
