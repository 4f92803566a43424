import { openEmbedded } from '../../db/embedded.ts';
import type { OpenSql } from '../../db/connect.ts';
import { assistants } from '../../db/schema.ts';
import type { Sql } from '../../db/sql.ts';
import { sqlAssistantStore } from '../../db/sql-assistant-store.ts';
import { sqlCheckpointStore } from '../../db/sql-checkpoint-store.ts';
import { sqlKeyStore } from '../../db/sql-key-store.ts';
import { sqlNodeLogStore } from '../../db/sql-node-log-store.ts';
import { sqlWorkflowStore } from '../../db/sql-workflow-store.ts';
import type { ServerOptions } from '../../server/index.ts';
import type { AppId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import type { AssistantTool } from '../../shared/tool.ts';
import { startModelProvider } from './model-provider.ts';
import type { ModelProvider, ModelProviderOptions } from './model-provider.ts';
import { startServer } from './server.ts';
import { openStore } from './store.ts';
import type { TestServer } from './server.ts';

export interface NewAssistant {
  readonly tools: readonly AssistantTool[];
  readonly steps?: number;
  readonly model?: string;
}

/** A published assistant that has tools. */
export async function insertAssistant(db: Sql, { tools, steps, model }: NewAssistant): Promise<AppId> {
  const id = newId<AppId>();
  await db.insert(assistants).values({
    id,
    name: 'With tools',
    description: '',
    prompt: 'You have tools.',
    model: model ?? null,
    tools: [...tools],
    limits: { steps: steps ?? null },
    guideWord: null,
    guideQuestions: [],
    published: true,
  });
  return id;
}

export interface ToolServer extends TestServer {
  readonly provider: ModelProvider;
  readonly db: Sql;
}

/** A whole server with a database in memory and a provider double for both protocols. */
export async function startToolServer(
  answer: ModelProviderOptions['answer'],
  options: ServerOptions = {},
): Promise<ToolServer> {
  const provider = await startModelProvider(answer ? { answer } : {});
  const { db, store, [Symbol.asyncDispose]: close } = await openStore();
  process.env['ANTHROPIC_BASE_URL'] = provider.anthropicUrl;
  const server = await startServer({
    openaiBaseUrl: provider.url,
    anthropicApiKey: 'key',
    defaultModel: 'openai:double',
    database: {
      store,
      assistants: sqlAssistantStore(db),
      nodeLogs: sqlNodeLogStore(db),
      workflows: sqlWorkflowStore(db),
      keys: sqlKeyStore(db),
      checkpoints: sqlCheckpointStore(db),
      close: async () => close(),
    },
    ...options,
  });
  return {
    ...server,
    provider,
    db,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await provider.close();
    },
  };
}

/** Something done to the database of a folder that no server has open. */
export async function inFolder<Result>(folder: string, work: (db: Sql) => Promise<Result>): Promise<Result> {
  const { db, close }: OpenSql = await openEmbedded(folder);
  try {
    return await work(db);
  } finally {
    await close();
  }
}
