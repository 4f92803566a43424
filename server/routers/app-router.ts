import type { ServerInfo } from '../context.ts';
import { procedure, router } from '../trpc.ts';
import { accountRouter } from './account.ts';
import { assistantRouter } from './assistant.ts';
import { modelRouter, toolRouter } from './catalog.ts';
import { chatRouter } from './chat.ts';
import { shareRouter } from './share.ts';
import { workflowRouter } from './workflow.ts';

/** Everything a client can call; WIRE names and fields, no logic. */
export const appRouter = router({
  chat: chatRouter,
  share: shareRouter,
  assistant: assistantRouter,
  workflow: workflowRouter,
  model: modelRouter,
  tool: toolRouter,
  account: accountRouter,
  server: router({
    info: procedure.query(({ ctx }): ServerInfo => ctx.info),
  }),
});

/** The one thing of the server that a client imports, as a type. */
export type AppRouter = typeof appRouter;
