import { and, asc, desc, eq, getTableColumns, gt, isNull, lt, or } from 'drizzle-orm';
import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import { limits } from '../shared/limits.ts';
import { guideOf } from '../shared/workflow-outline.ts';
import type { WorkflowSettings } from '../shared/workflow-settings.ts';
import { appsCursor, parseAppsCursor, parseVersionsCursor, versionsCursor } from './cursors.ts';
import { toWorkflowDetails, toWorkflowSummary, type WorkflowRow } from './rows.ts';
import { workflows, workflowVersions } from './schema.ts';
import type { Sql } from './sql.ts';
import { readAtOnce } from './sql.ts';
import { withStoreErrors } from './store-errors.ts';
import type { Page } from './store.ts';
import { pageOf } from './store/page.ts';
import { keepRegistered } from './store/registered-workflows.ts';
import type { ListWorkflows, WorkflowState, WorkflowStore } from './workflow-store.ts';

// Lists leave the definitions out, which are large.
const { definition: _, ...listed } = getTableColumns(workflows);
const { definition: __, ...listedVersion } = getTableColumns(workflowVersions);

const isThere = isNull(workflows.deletedAt);
const isOwn = (userId: UserId, id?: AppId) =>
  and(eq(workflows.ownerId, userId), isThere, id === undefined ? undefined : eq(workflows.id, id));
const isSeen = (userId: UserId) => and(or(eq(workflows.published, true), eq(workflows.ownerId, userId)), isThere);

/** @param clock milliseconds since 1970, for tests */
export function sqlWorkflowStore(db: Sql, clock: () => number = Date.now): WorkflowStore {
  const now = () => new Date(clock()).toISOString();

  async function change(userId: UserId, id: AppId, fields: Partial<WorkflowRow>): Promise<WorkflowRow> {
    const [row] = await db.update(workflows).set(fields).where(isOwn(userId, id)).returning();
    if (!row) throw notYours(id);
    return row;
  }

  return withStoreErrors<WorkflowStore>({
    createWorkflow: async (ownerId, id, settings) => {
      const has = await db.$count(workflows, isOwn(ownerId));
      if (has >= limits.workflowsPerUser) throw tooMany();
      const [createdAt, own] = [now(), { id, ownerId, published: false, version: 1 }];
      const [row] = await db
        .insert(workflows)
        .values({ ...own, ...columnsOf(settings), createdAt, updatedAt: createdAt })
        .returning();
      if (!row) throw new Error('a workflow was inserted and is not there');
      return toWorkflowDetails(row, ownerId);
    },
    workflow: async (userId, id, version) => readWorkflow(db, userId, id, version),
    workflows: async (userId, query) => listWorkflows(db, userId, query),
    ownWorkflow: async (userId, id) => ownWorkflow(db, userId, id),
    updateWorkflow: async (userId, state, settings) => updateWorkflow(db, now(), userId, state, settings),
    publishWorkflow: async (userId, id, version) => {
      const [row] = await db
        .update(workflows)
        .set({ published: true })
        .where(and(isOwn(userId, id), eq(workflows.version, version)))
        .returning();
      if (row) return toWorkflowDetails(row, userId);
      await ownWorkflow(db, userId, id);
      return null;
    },
    unpublishWorkflow: async (userId, id) => toWorkflowDetails(await change(userId, id, { published: false }), userId),
    deleteWorkflow: async (userId, id) => void (await change(userId, id, { deletedAt: now() })),
    keepRegistered: async (apps) => keepRegistered(db, apps),
    workflowVersions: async (userId, id, page) => readVersions(db, userId, id, page),
  });
}

function columnsOf(settings: WorkflowSettings) {
  return { ...settings, ...guideOf(settings.definition) };
}

/** An earlier version as if it was the newest. */
function readWorkflow(db: Sql, userId: UserId, id: AppId, version?: number) {
  return readAtOnce(db, async (tx) => {
    const [row] = await tx
      .select()
      .from(workflows)
      .where(and(eq(workflows.id, id), isSeen(userId)));
    if (!row) throw new SwitchboardError('NOT_FOUND', `There is no workflow ${id}.`);
    if (version === undefined || version === row.version) return toWorkflowDetails(row, userId);
    const [earlier] =
      row.ownerId === userId && version < row.version
        ? await tx
            .select()
            .from(workflowVersions)
            .where(and(eq(workflowVersions.workflowId, id), eq(workflowVersions.version, version)))
        : [];
    if (!earlier) throw new SwitchboardError('NOT_FOUND', `You have no version ${version} of workflow ${id}.`);
    const { name, description, definition, createdAt: updatedAt } = earlier;
    const settings = columnsOf({ name, description, definition: definition as {} });
    return toWorkflowDetails({ ...row, ...settings, version, updatedAt }, userId);
  });
}

async function listWorkflows(db: Sql, userId: UserId, { cursor, limit, mine }: ListWorkflows) {
  const after = cursor === undefined ? undefined : gt(workflows.id, parseAppsCursor(cursor));
  const rows = await db
    .select(listed)
    .from(workflows)
    .where(and(mine === true ? isOwn(userId) : isSeen(userId), after))
    .orderBy(asc(workflows.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (last) => appsCursor(last.id));
  return { workflows: page.rows.map((row) => toWorkflowSummary(row, userId)), nextCursor: page.nextCursor };
}

async function ownWorkflow(db: Sql, userId: UserId, id: AppId) {
  const [row] = await db.select().from(workflows).where(isOwn(userId, id));
  if (!row) throw notYours(id);
  return { ...row, definition: row.definition as {} };
}

/** The version that was goes to the others, in the transaction that makes the next one: whoever looks finds either. */
function updateWorkflow(db: Sql, now: string, userId: UserId, state: WorkflowState, settings: WorkflowSettings) {
  const { id, version, published } = state;
  return db.transaction(async (tx) => {
    const [before] = await tx.select().from(workflows).where(isOwn(userId, id)).for('update');
    if (!before) throw notYours(id);
    if (before.version !== version || before.published !== published) return null;
    const { name, description, definition, updatedAt: createdAt } = before;
    await tx.insert(workflowVersions).values({ workflowId: id, version, name, description, definition, createdAt });
    const [row] = await tx
      .update(workflows)
      .set({ ...columnsOf(settings), version: version + 1, updatedAt: now })
      .where(eq(workflows.id, id))
      .returning();
    return row ? toWorkflowDetails(row, userId) : null;
  });
}

function readVersions(db: Sql, userId: UserId, id: AppId, { cursor, limit }: Page) {
  return readAtOnce(db, async (tx) => {
    const newest = await ownWorkflow(tx, userId, id);
    const before = cursor === undefined ? undefined : lt(workflowVersions.version, parseVersionsCursor(cursor));
    const earlier = await tx
      .select(listedVersion)
      .from(workflowVersions)
      .where(and(eq(workflowVersions.workflowId, id), before))
      .orderBy(desc(workflowVersions.version))
      .limit(limit + 1);
    const { name, description, version, updatedAt: createdAt } = newest;
    const first = { workflowId: id, version, createdAt, name, description };
    const page = pageOf([...(cursor === undefined ? [first] : []), ...earlier], limit, (last) =>
      versionsCursor(last.version),
    );
    return { versions: [...page.rows], nextCursor: page.nextCursor };
  });
}

function notYours(id: AppId): SwitchboardError {
  return new SwitchboardError(
    'NOT_FOUND',
    `You have no workflow ${id}; those of others, and those that came with the server, cannot be changed.`,
  );
}

function tooMany(): SwitchboardError {
  const limit = limits.workflowsPerUser;
  return new SwitchboardError('TOO_LARGE', `You have ${limit} workflows; delete one that nobody needs any more.`, {
    details: { limit },
  });
}
