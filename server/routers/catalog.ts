import { ListApps } from '../../shared/inputs.ts';
import { procedure, router } from '../trpc.ts';

export const workflowRouter = router({
  list: procedure.input(ListApps).query(({ ctx, input }) => ctx.store.workflows(input)),
});

export const modelRouter = router({
  list: procedure.query(({ ctx }) => ctx.models.list()),
});

export const toolRouter = router({
  list: procedure.query(({ ctx }) => ctx.tools.list()),
});
