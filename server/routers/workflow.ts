import * as inputs from '../../shared/inputs.ts';
import { procedure, router, sendProcedure } from '../trpc.ts';

export const workflowRouter = router({
  create: procedure.input(inputs.CreateWorkflow).mutation(({ ctx, input }) => ctx.workflows.create(ctx.user.id, input)),

  get: procedure.input(inputs.GetWorkflow).query(({ ctx, input }) => ctx.workflows.get(ctx.user.id, input)),

  list: procedure.input(inputs.ListWorkflows).query(({ ctx, input }) => ctx.workflows.list(ctx.user.id, input)),

  update: procedure.input(inputs.UpdateWorkflow).mutation(({ ctx, input }) => ctx.workflows.update(ctx.user.id, input)),

  publish: procedure
    .input(inputs.OfWorkflow)
    .mutation(({ ctx, input }) => ctx.workflows.publish(ctx.user.id, input.workflowId)),

  unpublish: procedure
    .input(inputs.OfWorkflow)
    .mutation(({ ctx, input }) => ctx.workflows.unpublish(ctx.user.id, input.workflowId)),

  delete: procedure
    .input(inputs.OfWorkflow)
    .mutation(({ ctx, input }) => ctx.workflows.delete(ctx.user.id, input.workflowId)),

  versions: procedure
    .input(inputs.WorkflowVersions)
    .query(({ ctx, input }) => ctx.workflows.versions(ctx.user.id, input)),

  /** A mutation, because a definition is too long for the address of a query. */
  validate: procedure
    .input(inputs.ValidateWorkflow)
    .mutation(({ ctx, input }) => ctx.workflows.validate(ctx.user.id, input)),

  testNode: sendProcedure.input(inputs.TestNode).mutation(({ ctx, input }) => ctx.trials.testNode(ctx.user, input)),

  runLog: procedure
    .input(inputs.RunLog)
    .query(({ ctx, input }) => ctx.nodeLogs.nodeLog(ctx.user.id, input.runId, input)),
});
