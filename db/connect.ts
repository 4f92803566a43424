import { openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';
import type { AssistantStore } from './assistant-store.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { KeyStore } from './key-store.ts';
import type { NodeLogStore } from './node-log-store.ts';
import { sqlAssistantStore } from './sql-assistant-store.ts';
import { sqlCheckpointStore } from './sql-checkpoint-store.ts';
import { sqlKeyStore } from './sql-key-store.ts';
import { sqlNodeLogStore } from './sql-node-log-store.ts';
import { sqlStore } from './sql-store.ts';
import type { Sql } from './sql.ts';
import type { Store } from './store.ts';
import { sqlWorkflowStore } from './sql-workflow-store.ts';
import type { WorkflowStore } from './workflow-store.ts';

export interface ConnectOptions {
  /** `DATABASE_URL`: a Postgres server. Absent: the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** `DATA_DIR`: the folder of the embedded database, made if it is missing. Null: in memory, gone when closed. */
  readonly dataDir: string | null;
  /** Milliseconds since 1970, for tests. */
  readonly clock?: () => number;
}

/** An open driver; what `connect` makes a store of. */
export interface OpenSql {
  readonly db: Sql;
  readonly close: () => Promise<void>;
}

export interface Database {
  readonly store: Store;
  readonly assistants: AssistantStore;
  readonly workflows: WorkflowStore;
  readonly nodeLogs: NodeLogStore;
  readonly keys: KeyStore;
  readonly checkpoints: CheckpointStore;
  /** Waits for what is under way, then lets go of connections, files and lock. Twice is a no-op. */
  close(): Promise<void>;
}

/** A database that is reachable, ours alone where it is embedded, and migrated. Errors: `ConnectError`. */
export async function connect(options: ConnectOptions): Promise<Database> {
  const { db, close } = options.databaseUrl
    ? await openPostgres(options.databaseUrl)
    : await openEmbedded(options.dataDir);
  let closed: Promise<void> | undefined;
  return {
    store: sqlStore(db, options.clock),
    assistants: sqlAssistantStore(db, options.clock),
    workflows: sqlWorkflowStore(db, options.clock),
    nodeLogs: sqlNodeLogStore(db),
    keys: sqlKeyStore(db, options.clock),
    checkpoints: sqlCheckpointStore(db),
    close: () => (closed ??= close()),
  };
}
