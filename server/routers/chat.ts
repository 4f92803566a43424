import * as inputs from '../../shared/inputs.ts';
import { streamed } from '../streamed.ts';
import { procedure, router, sendProcedure } from '../trpc.ts';
import { queueRouter } from './queue.ts';

export const chatRouter = router({
  create: procedure
    .input(inputs.CreateChat)
    .mutation(({ ctx, input }) => ctx.chatManager.changes.create(ctx.user, input)),

  get: procedure.input(inputs.OfChat).query(async ({ ctx, input }) => {
    const { chat, activeRun, pendingInput, queue } = await ctx.store.chat(ctx.user.id, input.chatId);
    return { chat, activeRun, pendingInput, queue };
  }),

  list: procedure.input(inputs.ListChats).query(({ ctx, input }) => ctx.store.chats(ctx.user.id, input)),

  history: procedure
    .input(inputs.ChatHistory)
    .query(({ ctx, input }) => ctx.store.history(ctx.user.id, input.chatId, input)),

  send: sendProcedure.input(inputs.SendMessage).mutation(({ ctx, input }) => ctx.trials.send(ctx.user, input)),

  regenerate: sendProcedure
    .input(inputs.RegenerateAnswer)
    .mutation(({ ctx, input }) => ctx.chatManager.regenerate(ctx.user, input)),

  edit: sendProcedure.input(inputs.EditMessage).mutation(({ ctx, input }) => ctx.chatManager.edit(ctx.user, input)),

  selectBranch: procedure
    .input(inputs.OfMessage)
    .mutation(({ ctx, input }) => ctx.chatManager.changes.selectBranch(ctx.user, input)),

  fork: procedure.input(inputs.ForkChat).mutation(({ ctx, input }) => ctx.chatManager.changes.fork(ctx.user, input)),

  stream: procedure
    .input(inputs.StreamChat)
    .subscription(({ ctx, input, signal }) =>
      streamed(ctx.connection, signal, (stop) => ctx.chatManager.stream(ctx.connection, ctx.user, input, stop)),
    ),

  watch: procedure.input(inputs.WatchChats).subscription(({ ctx, signal }) =>
    streamed(ctx.connection, signal, async function* (stop) {
      let count = 0;
      for await (const event of ctx.chatManager.watch(ctx.connection, ctx.user, stop))
        yield { cursor: String((count += 1)), event };
    }),
  ),

  markRead: procedure
    .input(inputs.OfChat)
    .mutation(({ ctx, input }) => ctx.chatManager.changes.markRead(ctx.user, input)),

  stop: procedure.input(inputs.StopRun).mutation(({ ctx, input }) => ctx.chatManager.stop(ctx.user, input)),

  queue: queueRouter,
  respond: procedure.input(inputs.Respond).mutation(({ ctx, input }) => ctx.chatManager.respond(ctx.user, input)),

  rename: procedure
    .input(inputs.RenameChat)
    .mutation(({ ctx, input }) => ctx.chatManager.changes.rename(ctx.user, input)),

  archive: procedure
    .input(inputs.ArchiveChat)
    .mutation(({ ctx, input }) => ctx.chatManager.changes.archive(ctx.user, input)),

  share: procedure.input(inputs.OfChat).mutation(({ ctx, input }) => ctx.chatManager.shares.share(ctx.user, input)),

  unshare: procedure.input(inputs.OfChat).mutation(({ ctx, input }) => ctx.chatManager.shares.unshare(ctx.user, input)),

  feedback: procedure
    .input(inputs.GiveFeedback)
    .mutation(({ ctx, input }) => ctx.chatManager.changes.giveFeedback(ctx.user, input)),

  usage: procedure.input(inputs.OfChat).query(({ ctx, input }) => ctx.store.chatUsage(ctx.user.id, input.chatId)),

  export: procedure.input(inputs.ExportChat).query(({ ctx, input }) => ctx.chatManager.changes.export(ctx.user, input)),

  delete: procedure.input(inputs.OfChat).mutation(({ ctx, input }) => ctx.chatManager.changes.delete(ctx.user, input)),
});
