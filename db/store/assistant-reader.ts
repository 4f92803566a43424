import { getTableColumns, inArray, sql } from 'drizzle-orm';
import type { Assistant } from '../../shared/assistant.ts';
import type { AppId } from '../../shared/ids.ts';
import { gather } from '../gather.ts';
import { toAssistant } from '../rows.ts';
import { assistants } from '../schema.ts';
import type { Sql } from '../sql.ts';

interface Versioned {
  readonly assistant: Assistant;
  readonly version: string;
}

/** Assistants kept in memory, the last read ones; with the longest prompts a few megabytes. */
const most = 100;

/** Null when there is none. Asks the database unless it is known in just this version. */
type AssistantReader = (id: AppId, version?: string) => Promise<Assistant | null>;

/**
 * Reads assistants. Whoever has seen in a transaction which version is there needs no second question: all chats that
 * begin to answer have.
 */
export function assistantReader(db: Sql): AssistantReader {
  const ask = gather((ids: readonly AppId[]) => find(db, ids));
  const known = new Map<AppId, Versioned>();
  return async (id, version) => {
    const kept = known.get(id);
    if (kept && kept.version === version) return kept.assistant;
    const found = await ask(id);
    known.delete(id);
    if (found) known.set(id, found);
    for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
    return found?.assistant ?? null;
  };
}

/** In the order of the ids; null for one that there is not. */
async function find(db: Sql, ids: readonly AppId[]): Promise<(Versioned | null)[]> {
  const rows = await db
    // Every write of a row gives it a new one, wherever it comes from.
    .select({ ...getTableColumns(assistants), version: sql<string>`${assistants}.xmin::text` })
    .from(assistants)
    .where(inArray(assistants.id, [...new Set(ids)]));
  const found = new Map(rows.map(({ version, ...row }) => [row.id, { version, assistant: toAssistant(row) }]));
  return ids.map((id) => found.get(id) ?? null);
}
