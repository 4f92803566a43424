import { openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';
import type { AssistantStore } from './assistant-store.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { FileRecords } from './file-records.ts';
import type { FileStore } from './file-store.ts';
import { openFolderFileStore } from './folder-file-store.ts';
import type { KeyStore } from './key-store.ts';
import type { NodeLogStore } from './node-log-store.ts';
import { sqlAssistantStore } from './sql-assistant-store.ts';
import { sqlCheckpointStore } from './sql-checkpoint-store.ts';
import { sqlFileRecords } from './sql-file-records.ts';
import { sqlFileStore } from './sql-file-store.ts';
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
  /** `FILES_DIR`: the folder in which the bytes of files are kept, made if it is missing. Absent: the database. */
  readonly filesDir?: string | undefined;
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
  readonly files: FileRecords;
  readonly fileStore: FileStore;
  readonly checkpoints: CheckpointStore;
  /** Waits for what is under way, then lets go of connections, files and lock. Twice is a no-op. */
  close(): Promise<void>;
}

/** A database that is reachable, ours alone where it is embedded, and migrated. Errors: `ConnectError`. */
export async function connect(options: ConnectOptions): Promise<Database> {
  const folder = options.filesDir === undefined ? undefined : await openFolderFileStore(options.filesDir);
  const open = options.databaseUrl ? await openPostgres(options.databaseUrl) : await openEmbedded(options.dataDir);
  return databaseOn(open, options.clock, folder);
}

/** All that is kept in one database. The bytes of files may be elsewhere. */
export function databaseOn({ db, close }: OpenSql, clock?: () => number, fileStore?: FileStore): Database {
  let closed: Promise<void> | undefined;
  return {
    store: sqlStore(db, clock),
    assistants: sqlAssistantStore(db, clock),
    workflows: sqlWorkflowStore(db, clock),
    nodeLogs: sqlNodeLogStore(db),
    keys: sqlKeyStore(db, clock),
    files: sqlFileRecords(db, clock),
    fileStore: fileStore ?? sqlFileStore(db),
    checkpoints: sqlCheckpointStore(db),
    close: () => (closed ??= close()),
  };
}
