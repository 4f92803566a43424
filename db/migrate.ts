import { fileURLToPath } from 'node:url';
import type { MigrationConfig } from 'drizzle-orm/migrator';

/** For drizzle's migrators. Which ones have run is kept in our own schema, apart from those of other programs. */
export const migrations: MigrationConfig = {
  migrationsFolder: fileURLToPath(new URL('migrations', import.meta.url)),
  migrationsSchema: 'switchboard',
  migrationsTable: 'migrations',
};
