import * as inputs from '../../shared/inputs.ts';
import { streamed } from '../streamed.ts';
import { router, shareProcedure } from '../trpc.ts';

/** What others may do with a chat that its owner has shared: read it, for as long as it is. Whoever has its id needs no token. */
export const shareRouter = router({
  get: shareProcedure.input(inputs.OfShare).query(({ ctx, input }) => ctx.chatManager.shares.view(input)),

  history: shareProcedure.input(inputs.ShareHistory).query(({ ctx, input }) => ctx.chatManager.shares.history(input)),

  stream: shareProcedure
    .input(inputs.StreamShare)
    .subscription(({ ctx, input, signal }) =>
      streamed(ctx.connection, signal, (stop) => ctx.chatManager.shares.stream(ctx.connection, input, stop)),
    ),
});
