import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import type { AssistantVersion } from '../../shared/assistant-settings.ts';
import type { AppId, UserId } from '../../shared/ids.ts';
import type { Workflow } from '../../shared/workflow.ts';
import { toAssistantVersion, toEarlierVersion } from '../rows.ts';
import { assistants, assistantVersions, workflows, workflowVersions } from '../schema.ts';
import type { Sql } from '../sql.ts';

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

/** Null for one that there is not. Deleted ones are there. */
export async function findWorkflow(db: Sql, id: AppId, version: number | null): Promise<Workflow | null> {
  const [newest] = await db.select().from(workflows).where(eq(workflows.id, id));
  if (!newest || version === null || version === newest.version) return newest ? workflowOf(newest) : null;
  // Changed since: the version that was is kept for as long as the workflow.
  const [earlier] = await db
    .select()
    .from(workflowVersions)
    .where(and(eq(workflowVersions.workflowId, id), eq(workflowVersions.version, version)));
  return earlier ? workflowOf({ ...earlier, id }) : null;
}

function workflowOf({ id, name, version, definition }: Workflow): Workflow {
  return { id, name, version, definition };
}

/** Whether one workflow may run another as a part of it: they have the same owner, or it is published; none a deleted one. */
export async function mayRunWorkflow(db: Sql, outer: AppId, inner: AppId): Promise<boolean> {
  const { id, ownerId, published } = workflows;
  const found = await db
    .select({ id, ownerId, published })
    .from(workflows)
    .where(or(eq(id, outer), and(eq(id, inner), isNull(workflows.deletedAt))));
  const [one, other] = [outer, inner].map((wanted) => found.find((row) => row.id === wanted));
  return one !== undefined && other !== undefined && (other.published || one.ownerId === other.ownerId);
}

/** Whether the user may change it, and so see what goes through its nodes. */
export async function isOwnWorkflow(db: Sql, userId: UserId, id: AppId): Promise<boolean> {
  const own = and(eq(workflows.id, id), eq(workflows.ownerId, userId), isNull(workflows.deletedAt));
  return (await db.$count(workflows, own)) > 0;
}
