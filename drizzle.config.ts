import { defineConfig } from 'drizzle-kit';

/** For `npm run migrations`, which writes the next migration after a change of the schema. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema.ts',
  out: './db/migrations',
});
