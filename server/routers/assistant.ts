import * as inputs from '../../shared/inputs.ts';
import { procedure, router } from '../trpc.ts';

export const assistantRouter = router({
  create: procedure
    .input(inputs.CreateAssistant)
    .mutation(({ ctx, input }) => ctx.assistants.create(ctx.user.id, input)),

  get: procedure
    .input(inputs.GetAssistant)
    .query(({ ctx, input }) => ctx.assistants.get(ctx.user.id, input.assistantId)),

  list: procedure.input(inputs.ListAssistants).query(({ ctx, input }) => ctx.assistants.list(ctx.user.id, input)),

  update: procedure
    .input(inputs.UpdateAssistant)
    .mutation(({ ctx, input }) => ctx.assistants.update(ctx.user.id, input)),

  publish: procedure
    .input(inputs.GetAssistant)
    .mutation(({ ctx, input }) => ctx.assistants.publish(ctx.user.id, input.assistantId, true)),

  unpublish: procedure
    .input(inputs.GetAssistant)
    .mutation(({ ctx, input }) => ctx.assistants.publish(ctx.user.id, input.assistantId, false)),

  delete: procedure
    .input(inputs.GetAssistant)
    .mutation(({ ctx, input }) => ctx.assistants.delete(ctx.user.id, input.assistantId)),

  versions: procedure
    .input(inputs.AssistantVersions)
    .query(({ ctx, input }) => ctx.assistants.versions(ctx.user.id, input)),

  feedback: procedure.input(inputs.ReadFeedback).query(({ ctx, input }) => ctx.assistants.feedback(ctx.user.id, input)),
});
