import { initTRPC, TRPCError } from '@trpc/server';
import { noToken } from './auth/no-token.ts';
import type { Connection, User } from './connection.ts';
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
 * Knows who is calling. Everything that a client can reach is built on it, but for what is shared; the user's id goes on into every query. What
 * was read for somebody whose token has ended meanwhile is not told.
 */
const known = t.procedure.use(async ({ ctx, next, type }) => {
  const user = expectKnown(ctx.connection);
  const result = await next({ ctx: { user } });
  // A change has been made by now, and whoever made it is told so.
  if (type === 'query') expectUser(ctx.connection);
  return result;
});

/** Somebody who is known, or a guest; a guest's calls are counted. For what whoever knows an id may read. */
const welcome = t.procedure.use(async ({ ctx, next, type }) => {
  const { connection, guests } = ctx;
  if (connection.guest === null) expectKnown(connection);
  else await guests.takeCall(connection.guest);
  const result = await next();
  if (type === 'query' && connection.guest === null) expectUser(connection);
  return result;
});

/** Queries of one connection are served a few at once. */
const few = t.middleware(async ({ ctx, next, type }) => {
  if (type !== 'query') return next();
  const leave = await ctx.connection.enter();
  if (!leave) throw new TRPCError({ code: 'CLIENT_CLOSED_REQUEST' });
  try {
    return await next();
  } finally {
    leave();
  }
});

/** What everything is built on that a client can reach, but for what is shared. */
export const procedure = known.use(few);

/** For reading what is shared, and nothing else: whoever has no token calls it too, and there is no user in its context. */
export const shareProcedure = welcome.use(few);

/** Sends a message, which is counted first. */
export const sendProcedure = procedure.use(async ({ ctx, next }) => {
  await ctx.quotas.takeSend(ctx.user.id);
  return next();
});

/** The same at the beginning of a call: a connection of nobody who is known is closed when it has been told. */
function expectKnown(connection: Connection): User {
  if (connection.access.user === null) connection.refuse();
  return expectUser(connection);
}

/** Errors: `UNAUTHENTICATED`. */
export function expectUser({ access }: Connection): User {
  if (access.user !== null) return access.user;
  const cause = access.ended.aborted ? noToken('one that has ended') : noToken();
  throw new TRPCError({ code: 'UNAUTHORIZED', message: cause.message, cause });
}
