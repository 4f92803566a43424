import type { Database } from '../../db/connect.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import { memoryCheckpoints } from '../helpers/memory-checkpoints.ts';
import { nothingToReach } from '../helpers/reaching.ts';
import { createHandlers } from '../../server/handlers/index.ts';
import { createModels } from '../../server/handlers/models.ts';
import { createTools } from '../../server/handlers/tools/tool-registry.ts';
import { limits } from '../../shared/limits.ts';
import type { ModelSettings } from '../../server/handlers/models.ts';

/** The assistant of every server, except that each piece of its answer is a step at which it takes what was sent for it. */
export function steerable({ nodeLogs, store }: Database, settings: ModelSettings): ChatHandler {
  const { assistant } = createHandlers({
    models: createModels(settings),
    tools: createTools(),
    limits,
    apps: store,
    checkpoints: memoryCheckpoints(),
    ...nothingToReach(),
    nodeLogs,
  });
  return {
    async *run(run, options) {
      for await (const event of assistant.run(run, options)) {
        yield event;
        if (event.type === 'text') await run.takeSteering();
      }
    },
  };
}
