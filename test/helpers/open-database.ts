import type { Database } from '../../db/connect.ts';
import { sqlAssistantStore } from '../../db/sql-assistant-store.ts';
import { sqlCheckpointStore } from '../../db/sql-checkpoint-store.ts';
import { sqlKeyStore } from '../../db/sql-key-store.ts';
import { sqlNodeLogStore } from '../../db/sql-node-log-store.ts';
import { sqlWorkflowStore } from '../../db/sql-workflow-store.ts';
import { openStore, type OpenStore } from './store.ts';

/** A database in memory for servers that come and go: made from a copy, in a tenth of the time of an empty one. */
export async function openDatabase(): Promise<Database> {
  return databaseOf(await openStore());
}

/** The same, of a store that is open already. */
export function databaseOf(opened: OpenStore): Database {
  return {
    store: opened.store,
    assistants: sqlAssistantStore(opened.db),
    nodeLogs: sqlNodeLogStore(opened.db),
    workflows: sqlWorkflowStore(opened.db),
    keys: sqlKeyStore(opened.db),
    checkpoints: sqlCheckpointStore(opened.db),
    close: async () => opened[Symbol.asyncDispose](),
  };
}
