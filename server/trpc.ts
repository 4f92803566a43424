import { initTRPC, TRPCError } from '@trpc/server';
import { SwitchboardError } from '../shared/errors.ts';
import type { Context } from './context.ts';
import { errorShape } from './error-shape.ts';

const t = initTRPC.context<Context>().create({
  // Stack traces are for the log, also on a developer's machine: a client cannot act on them.
  isDev: false,
  // A reader of server-sent events that has gone without a word is found by what is written to it.
  sse: { ping: { enabled: true, intervalMs: 9_000 }, client: { reconnectAfterInactivityMs: 20_000 } },
  errorFormatter: ({ shape, error }) => errorShape(shape, error),
});

export const router = t.router;

/**
 * A procedure that knows who is calling. Everything that a client can reach is built on it; the user's id goes on into
 * every query.
 */
export const procedure = t.procedure.use(({ ctx, next }) => {
  const { user } = ctx.connection;
  if (user === null) {
    const cause = new SwitchboardError('UNAUTHENTICATED', 'expected a valid token, got none or one that is not valid');
    throw new TRPCError({ code: 'UNAUTHORIZED', message: cause.message, cause });
  }
  return next({ ctx: { user } });
});
