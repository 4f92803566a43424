import * as inputs from '../../shared/inputs.ts';
import { procedure, router } from '../trpc.ts';

export const queueRouter = router({
  list: procedure.input(inputs.OfChat).query(async ({ ctx, input }) => {
    const { queue } = await ctx.store.chat(ctx.user.id, input.chatId);
    return { queue };
  }),

  edit: procedure.input(inputs.EditQueued).mutation(({ ctx, input }) => ctx.chatManager.queue.edit(ctx.user, input)),

  move: procedure.input(inputs.MoveQueued).mutation(({ ctx, input }) => ctx.chatManager.queue.move(ctx.user, input)),

  withdraw: procedure
    .input(inputs.WithdrawQueued)
    .mutation(({ ctx, input }) => ctx.chatManager.queue.withdraw(ctx.user, input)),

  resume: procedure.input(inputs.OfChat).mutation(({ ctx, input }) => ctx.chatManager.queue.resume(ctx.user, input)),
});
