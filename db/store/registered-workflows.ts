import { and, isNull, sql } from 'drizzle-orm';
import { workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { RegisteredApp } from '../workflow-store.ts';

/** In one transaction, so that a chat finds either what was registered before or what is now. */
export async function keepRegistered(db: Sql, apps: readonly RegisteredApp[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(workflows)
      .set({ published: false })
      .where(and(isNull(workflows.ownerId), sql`${workflows.definition} -> 'registered' is not null`));
    if (apps.length === 0) return;
    await tx
      .insert(workflows)
      .values(apps.map(rowOf))
      .onConflictDoUpdate({
        target: workflows.id,
        set: { name: sql`excluded.name`, description: sql`excluded.description`, published: true },
      });
  });
}

/** It has no definition that could be run: its nodes are the program's. */
function rowOf({ id, key, name, description }: RegisteredApp) {
  const definition = { nodes: [], edges: [], registered: key };
  return { id, name, description, definition, published: true, version: 1 };
}
