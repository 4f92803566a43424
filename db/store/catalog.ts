import { and, asc, eq, gt } from 'drizzle-orm';
import type { Assistant } from '../../shared/assistant.ts';
import type { AppId } from '../../shared/ids.ts';
import type { Workflow, WorkflowSummary } from '../../shared/workflow.ts';
import { appsCursor, parseAppsCursor } from '../cursors.ts';
import { toAssistant, toWorkflowSummary } from '../rows.ts';
import { assistants, workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Page } from '../store.ts';
import { pageOf } from './page.ts';

/** Published ones, oldest first. */
export async function listAssistants(
  db: Sql,
  { cursor, limit }: Page,
): Promise<{ assistants: Assistant[]; nextCursor: string | null }> {
  const after = cursor === undefined ? undefined : gt(assistants.id, parseAppsCursor(cursor));
  const rows = await db
    .select()
    .from(assistants)
    .where(and(eq(assistants.published, true), after))
    .orderBy(asc(assistants.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (last) => appsCursor(last.id));
  return { assistants: page.rows.map(toAssistant), nextCursor: page.nextCursor };
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
