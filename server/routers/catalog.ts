import { procedure, router } from '../trpc.ts';

export const modelRouter = router({
  list: procedure.query(({ ctx }) => ctx.models.list()),
});

export const toolRouter = router({
  list: procedure.query(({ ctx }) => ctx.tools.list()),
});
