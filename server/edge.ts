import type { TRPCError } from '@trpc/server';
import type { SwitchboardError } from '../shared/errors.ts';
import type { Limits } from '../shared/limits.ts';
import type { Authenticate } from './authenticate.ts';
import type { Connection } from './connection.ts';
import type { Context, Services } from './context.ts';
import { asSwitchboardError } from './error-shape.ts';
import type { Logger } from './logger.ts';

/** What both ways in, WebSocket and HTTP, need to turn a request into a call. */
export interface Edge {
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  readonly logger: Logger;
  contextOf(connection: Connection): Context;
  reportError(error: TRPCError, path: string | undefined): void;
}

export function createEdge(services: Services, options: Pick<Edge, 'authenticate' | 'limits' | 'logger'>): Edge {
  return {
    ...options,
    contextOf: (connection) => {
      services.chatManager.accept(connection);
      return { ...services, connection };
    },
    reportError: (error, path) => report(options.logger, asSwitchboardError(error), path),
  };
}

/** What a client did wrong is the client's to know; what is wrong here is the log's. */
function report(logger: Logger, error: SwitchboardError, path: string | undefined): void {
  const { code, details } = error;
  if (code === 'INTERNAL') logger.error({ err: error.cause, path, ...details }, 'a call failed unexpectedly');
  else if (code === 'UNAVAILABLE') logger.warn({ err: error, path }, 'a call could not be served');
  else logger.debug({ code, path }, 'a call was refused');
}
