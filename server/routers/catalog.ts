import { SwitchboardError } from '../../shared/errors.ts';
import { GetAssistant, ListApps } from '../../shared/inputs.ts';
import { procedure, router } from '../trpc.ts';

export const assistantRouter = router({
  list: procedure.input(ListApps).query(({ ctx, input }) => ctx.store.assistants(input)),

  get: procedure.input(GetAssistant).query(async ({ ctx, input }) => {
    const assistant = await ctx.store.assistant(input.assistantId);
    if (!assistant) throw new SwitchboardError('NOT_FOUND', `no assistant ${input.assistantId}`);
    return assistant;
  }),
});

export const workflowRouter = router({
  list: procedure.input(ListApps).query(({ ctx, input }) => ctx.store.workflows(input)),
});

export const modelRouter = router({
  list: procedure.query(({ ctx }) => ctx.models.list()),
});

export const toolRouter = router({
  list: procedure.query(({ ctx }) => ctx.tools.list()),
});
