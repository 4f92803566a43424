import type { TRPCError } from '@trpc/server';
import { SwitchboardError } from '../shared/errors.ts';
import { UserId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';
import type { Authenticate, KnownUser } from './authenticate.ts';
import type { Connection, Identity } from './connection.ts';
import type { Context, Services } from './context.ts';
import { asSwitchboardError } from './error-shape.ts';
import type { Logger } from './logger.ts';
import type { Quotas } from './quotas.ts';

/** What both ways in, WebSocket and HTTP, need to turn a request into a call. */
export interface Edge {
  /** Whose token it is. Errors: `UNAVAILABLE` when that cannot be found out. */
  identify(token: string | null): Promise<Identity | null>;
  readonly limits: Limits;
  readonly quotas: Quotas;
  readonly logger: Logger;
  contextOf(connection: Connection): Context;
  reportError(error: TRPCError, path: string | undefined): void;
}

interface EdgeOptions {
  readonly identify: Edge['identify'];
  readonly limits: Limits;
  readonly logger: Logger;
}

export function createEdge(services: Services, options: EdgeOptions): Edge {
  const { identify, limits, logger } = options;
  return {
    limits,
    quotas: services.quotas,
    logger,
    identify,
    contextOf: (connection) => {
      services.chatManager.accept(connection);
      return { ...services, connection };
    },
    reportError: (error, path) => report(logger, asSwitchboardError(error), path),
  };
}

/** Whose token it is. Errors: `UNAVAILABLE` when that cannot be found out; the log has why. */
export function identifier(authenticate: Authenticate, logger: Logger): Edge['identify'] {
  return async (token) => {
    try {
      return identityOf(await authenticate(token));
    } catch (cause) {
      logger.error({ err: cause }, 'a token could not be checked');
      throw new SwitchboardError('UNAVAILABLE', 'the token could not be checked; try again in a moment', { cause });
    }
  };
}

function identityOf(known: KnownUser | null): Identity | null {
  if (known === null) return null;
  return {
    user: { id: UserId.parse(known.id) },
    expiresAt: known.expiresAt ?? null,
    revoked: known.revoked ?? null,
  };
}

/** What a client did wrong is the client's to know; what is wrong here is the log's. */
function report(logger: Logger, error: SwitchboardError, path: string | undefined): void {
  const { code, details } = error;
  if (code === 'INTERNAL') logger.error({ err: error.cause, path, ...details }, 'a call failed unexpectedly');
  else if (code === 'UNAVAILABLE') logger.warn({ err: error, path }, 'a call could not be served');
  else logger.debug({ code, path }, 'a call was refused');
}
