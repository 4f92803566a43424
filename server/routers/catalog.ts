import { SwitchboardError } from '../../shared/errors.ts';
import { ListApps, WorkflowGraphOf } from '../../shared/inputs.ts';
import { graphOf } from '../../shared/workflow-graph.ts';
import { procedure, router } from '../trpc.ts';

export const workflowRouter = router({
  list: procedure.input(ListApps).query(({ ctx, input }) => ctx.store.workflows(input)),

  graph: procedure.input(WorkflowGraphOf).query(async ({ ctx, input }) => {
    const found = await ctx.store.workflow(input.workflowId);
    if (!found?.published) throw new SwitchboardError('NOT_FOUND', `There is no workflow ${input.workflowId}.`);
    return graphOf(found.definition);
  }),
});

export const modelRouter = router({
  list: procedure.query(({ ctx }) => ctx.models.list()),
});

export const toolRouter = router({
  list: procedure.query(({ ctx }) => ctx.tools.list()),
});
