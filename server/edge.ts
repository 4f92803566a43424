import type { TRPCError } from '@trpc/server';
import { SwitchboardError } from '../shared/errors.ts';
import { UserId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';
import type { Authenticate, KnownUser } from './authenticate.ts';
import type { Connection, Identity } from './connection.ts';
import type { Context, Services } from './context.ts';
import { asSwitchboardError } from './error-shape.ts';
import { guestAddress } from './guest-address.ts';
import type { Logger } from './logger.ts';

/** What both ways in, WebSocket and HTTP, need to turn a request into a call. */
export interface Edge {
  /**
   * Who comes with this token, from this address, and is counted until the signal aborts. Errors: `UNAVAILABLE` when whose
   * token it is cannot be found out.
   */
  admit(token: string | null, remoteAddress: string | undefined, signal: AbortSignal): Promise<Visitor>;
  readonly limits: Limits;
  readonly logger: Logger;
  contextOf(connection: Connection): Context;
  reportError(error: TRPCError, path: string | undefined): void;
}

/** Whose token it is. Errors: `UNAVAILABLE` when that cannot be found out. */
export type Identify = (token: string | null) => Promise<Identity | null>;

/** Whoever has come in, as far as they are known. */
export interface Visitor {
  /** Null: nobody who is known, or one connection of theirs too many. */
  readonly identity: Identity | null;
  /** What somebody is counted by who has no token, and may read what is shared; absent for others. */
  readonly guest?: string | undefined;
  /** Why there are too many of them. */
  readonly refusal?: SwitchboardError | null;
}

interface EdgeOptions {
  readonly identify: Identify;
  /** Whether whoever has no token may read what is shared. */
  readonly areGuestsWelcome: boolean;
  readonly limits: Limits;
  readonly logger: Logger;
}

export function createEdge(services: Services, options: EdgeOptions): Edge {
  const { identify, areGuestsWelcome, limits, logger } = options;
  const { guests, quotas } = services;
  return {
    limits,
    logger,
    async admit(token, remoteAddress, signal) {
      const identity = await identify(token);
      if (identity) {
        const refusal = quotas.takeConnection(identity.user.id, signal);
        return { identity: refusal ? null : identity, refusal };
      }
      if (token !== null || !areGuestsWelcome) return { identity };
      const guest = guestAddress(remoteAddress);
      const refusal = guests.takeConnection(guest, signal);
      return refusal ? { identity, refusal } : { identity, guest };
    },
    contextOf: (connection) => {
      services.chatManager.accept(connection);
      return { ...services, connection };
    },
    reportError: (error, path) => report(logger, asSwitchboardError(error), path),
  };
}

/** Whose token it is. Errors: `UNAVAILABLE` when that cannot be found out; the log has why. */
export function identifier(authenticate: Authenticate, logger: Logger): Identify {
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
