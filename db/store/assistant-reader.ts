import type { AssistantVersion } from '../../shared/assistant-settings.ts';
import type { AppId } from '../../shared/ids.ts';
import { gather } from '../gather.ts';
import type { Sql } from '../sql.ts';
import { findAssistants, type WantedAssistant } from './catalog.ts';

/** Versions kept in memory, the last read ones; with the longest prompts a few megabytes. */
const most = 100;

/** Null when there is none. */
type AssistantReader = (id: AppId, version: number | null) => Promise<AssistantVersion | null>;

/**
 * Reads assistants, a version once. The start of a run names the version, so a chat that begins to answer asks no second
 * question, which would wait behind the starts of all others.
 */
export function assistantReader(db: Sql): AssistantReader {
  const ask = gather((wanted: readonly WantedAssistant[]) => findAssistants(db, wanted));
  const known = new Map<string, AssistantVersion>();
  return async (id, version) => {
    const key = `${id} ${version}`;
    const found = known.get(key) ?? (await ask({ id, version }));
    known.delete(key);
    if (found && version !== null) known.set(key, found);
    for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
    return found;
  };
}
