import { expect, test } from 'vitest';
import { AppKind } from '../../../../shared/chat.ts';
import { memoryCheckpoints } from '../../../helpers/memory-checkpoints.ts';
import { nothingToReach } from '../../../helpers/reaching.ts';
import { createHandlers } from '../../../../server/handlers/index.ts';
import { createTools } from '../../../../server/handlers/tools/tool-registry.ts';
import { limits } from '../../../../shared/limits.ts';
import { createModels } from '../../../../server/handlers/models.ts';
import { codeOf, handlerRun, produce } from './handler-run.ts';

test('[WFL-8] each kind of app has a handler, which asks for an app of its own kind', async () => {
  const asked: string[] = [];
  const missing = (kind: string) => async (): Promise<null> => {
    asked.push(kind);
    return null;
  };
  const no = async () => false;
  const apps = {
    assistant: missing('assistant'),
    workflow: missing('workflow'),
    ownsWorkflow: no,
  };
  const handlers = createHandlers({
    models: createModels({}),
    tools: createTools(),
    limits,
    apps,
    checkpoints: memoryCheckpoints(),
    ...nothingToReach(),
    nodeLogs: { addToLog: async () => {} },
  });
  for (const kind of AppKind.options) {
    const { error } = await produce(handlers[kind], handlerRun('hello', [], kind));
    expect(codeOf(error)).toBe('NOT_FOUND');
  }
  expect(asked).toEqual(AppKind.options);
});
