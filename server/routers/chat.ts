import { tracked } from '@trpc/server';
import * as inputs from '../../shared/inputs.ts';
import { newId } from '../../shared/new-id.ts';
import { expectUser, procedure, router, sendProcedure } from '../trpc.ts';

export const chatRouter = router({
  create: procedure.input(inputs.CreateChat).mutation(({ ctx, input }) =>
    ctx.store.createChat(ctx.user.id, {
      chatId: input.chatId ?? newId(),
      app: input.app ?? null,
      title: input.title ?? null,
      debug: input.debug ?? false,
    }),
  ),

  get: procedure.input(inputs.OfChat).query(async ({ ctx, input }) => {
    const { chat, activeRun, pendingInput, queue } = await ctx.store.chat(ctx.user.id, input.chatId);
    return { chat, activeRun, pendingInput, queue };
  }),

  list: procedure.input(inputs.ListChats).query(({ ctx, input }) => ctx.store.chats(ctx.user.id, input)),

  history: procedure
    .input(inputs.ChatHistory)
    .query(({ ctx, input }) => ctx.store.history(ctx.user.id, input.chatId, input)),

  send: sendProcedure.input(inputs.SendMessage).mutation(({ ctx, input }) => ctx.chatManager.send(ctx.user, input)),

  stream: procedure.input(inputs.StreamChat).subscription(async function* ({ ctx, input, signal }) {
    const { connection } = ctx;
    const stop = AbortSignal.any([signal ?? connection.signal, connection.access.ended]);
    for await (const { cursor, event } of ctx.chatManager.stream(connection, ctx.user, input, stop)) {
      // It may have ended while the socket was full.
      if (stop.aborted) break;
      yield tracked(cursor, event);
    }
    // A stream whose token has ended says why it does.
    if (connection.access.ended.aborted) expectUser(connection);
  }),

  stop: procedure.input(inputs.StopRun).mutation(({ ctx, input }) => ctx.chatManager.stop(ctx.user, input)),

  respond: procedure.input(inputs.Respond).mutation(({ ctx, input }) => ctx.chatManager.respond(ctx.user, input)),

  rename: procedure.input(inputs.RenameChat).mutation(({ ctx, input }) => ctx.chatManager.rename(ctx.user, input)),

  archive: procedure.input(inputs.ArchiveChat).mutation(({ ctx, input }) => ctx.chatManager.archive(ctx.user, input)),

  delete: procedure.input(inputs.OfChat).mutation(({ ctx, input }) => ctx.chatManager.delete(ctx.user, input)),
});
