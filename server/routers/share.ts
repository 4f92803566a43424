import * as inputs from '../../shared/inputs.ts';
import { streamed } from '../streamed.ts';
import { procedure, router } from '../trpc.ts';

/** What others may do with a chat that its owner has shared: read it, for as long as it is. */
export const shareRouter = router({
  get: procedure.input(inputs.OfShare).query(({ ctx, input }) => ctx.chatManager.shares.view(input)),

  history: procedure.input(inputs.ShareHistory).query(({ ctx, input }) => ctx.chatManager.shares.history(input)),

  stream: procedure
    .input(inputs.StreamShare)
    .subscription(({ ctx, input, signal }) =>
      streamed(ctx.connection, signal, (stop) => ctx.chatManager.shares.stream(ctx.connection, input, stop)),
    ),
});
