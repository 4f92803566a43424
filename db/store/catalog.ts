import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { AssistantVersion } from '../../shared/assistant-settings.ts';
import type { AppId } from '../../shared/ids.ts';
import type { Workflow, WorkflowSummary } from '../../shared/workflow.ts';
import { appsCursor, parseAppsCursor } from '../cursors.ts';
import { toAssistantVersion, toEarlierVersion, toWorkflowSummary } from '../rows.ts';
import { assistants, assistantVersions, workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Page } from '../store.ts';
import { pageOf } from './page.ts';

export interface WantedAssistant {
  readonly id: AppId;
  /** Null: the newest. */
  readonly version: number | null;
}

/** In the order in which they are wanted; null for one that there is not. Deleted ones are there. */
export async function findAssistants(
  db: Sql,
  wanted: readonly WantedAssistant[],
): Promise<(AssistantVersion | null)[]> {
  const rows = await db
    .select()
    .from(assistants)
    .where(inArray(assistants.id, [...new Set(wanted.map(({ id }) => id))]));
  const newest = new Map(rows.map((row) => [row.id, toAssistantVersion(row)]));
  return Promise.all(
    wanted.map(async ({ id, version }) => {
      const found = newest.get(id) ?? null;
      // Changed since: the version that was is kept for as long as the assistant.
      return found && version !== null && version !== found.version ? findEarlier(db, id, version) : found;
    }),
  );
}

async function findEarlier(db: Sql, id: AppId, version: number): Promise<AssistantVersion | null> {
  const [row] = await db
    .select()
    .from(assistantVersions)
    .where(and(eq(assistantVersions.assistantId, id), eq(assistantVersions.version, version)));
  return row ? toEarlierVersion(row) : null;
}

/** Published ones, oldest first. */
export async function listWorkflows(
  db: Sql,
  { cursor, limit }: Page,
): Promise<{ workflows: WorkflowSummary[]; nextCursor: string | null }> {
  const after = cursor === undefined ? undefined : gt(workflows.id, parseAppsCursor(cursor));
  const rows = await db
    .select()
    .from(workflows)
    .where(and(eq(workflows.published, true), after))
    .orderBy(asc(workflows.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (last) => appsCursor(last.id));
  return { workflows: page.rows.map(toWorkflowSummary), nextCursor: page.nextCursor };
}

export async function findWorkflow(db: Sql, id: AppId): Promise<Workflow | null> {
  const [row] = await db.select().from(workflows).where(eq(workflows.id, id));
  return row ?? null;
}
