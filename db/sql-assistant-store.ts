import { and, asc, desc, eq, gt, isNull, lt, or, type SQL } from 'drizzle-orm';
import type { AssistantVersion } from '../shared/assistant-settings.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import { limits } from '../shared/limits.ts';
import type { AssistantStore, ListAssistants } from './assistant-store.ts';
import { appsCursor, parseAppsCursor, parseVersionsCursor, versionsCursor } from './cursors.ts';
import {
  settingsColumns,
  toAssistant,
  toAssistantVersion,
  toEarlierVersion,
  toSettings,
  type AssistantRow,
} from './rows.ts';
import { assistants, assistantVersions } from './schema.ts';
import type { Sql } from './sql.ts';
import { readAtOnce } from './sql.ts';
import { withStoreErrors } from './store-errors.ts';
import type { Page } from './store.ts';
import { readFeedback } from './store/assistant-feedback.ts';
import { pageOf } from './store/page.ts';

const isThere = isNull(assistants.deletedAt);
const isOwn = (userId: UserId, id?: AppId) =>
  and(eq(assistants.ownerId, userId), isThere, id === undefined ? undefined : eq(assistants.id, id));
const isSeen = (userId: UserId) => and(or(eq(assistants.published, true), eq(assistants.ownerId, userId)), isThere);

/** @param clock milliseconds since 1970, for tests */
export function sqlAssistantStore(db: Sql, clock: () => number = Date.now): AssistantStore {
  const now = () => new Date(clock()).toISOString();

  async function change(userId: UserId, id: AppId, fields: Partial<AssistantRow>): Promise<AssistantRow> {
    const [row] = await db.update(assistants).set(fields).where(isOwn(userId, id)).returning();
    if (!row) throw notYours(id);
    return row;
  }

  return withStoreErrors<AssistantStore>({
    createAssistant: async (ownerId, id, settings) => {
      const has = await db.$count(assistants, isOwn(ownerId));
      if (has >= limits.assistantsPerUser) throw tooMany();
      const time = now();
      const [row] = await db
        .insert(assistants)
        .values({ id, ownerId, published: false, ...settingsColumns(settings), createdAt: time, updatedAt: time })
        .returning();
      if (!row) throw new Error('an assistant was inserted and is not there');
      return toAssistant(row, ownerId);
    },
    assistant: async (userId, id) => {
      const [row] = await db
        .select()
        .from(assistants)
        .where(and(eq(assistants.id, id), isSeen(userId)));
      if (!row) throw new SwitchboardError('NOT_FOUND', `There is no assistant ${id}.`);
      return toAssistant(row, userId);
    },
    assistants: async (userId, query) => listAssistants(db, userId, query),
    newestVersion: async (userId, id) => toAssistantVersion(await ownAssistant(db, userId, id)),
    updateAssistant: async (userId, version) => updateAssistant(db, now(), userId, version),
    publishAssistant: async (userId, id, published) => toAssistant(await change(userId, id, { published }), userId),
    deleteAssistant: async (userId, id) => void (await change(userId, id, { deletedAt: now() })),
    versions: async (userId, id, page) => readVersions(db, userId, id, page),
    feedback: (userId, id, page) =>
      readAtOnce(db, async (tx) => {
        await ownAssistant(tx, userId, id);
        return readFeedback(tx, id, page);
      }),
  });
}

async function listAssistants(db: Sql, userId: UserId, { cursor, limit, mine }: ListAssistants) {
  const after = cursor === undefined ? undefined : gt(assistants.id, parseAppsCursor(cursor));
  const rows = await db
    .select()
    .from(assistants)
    .where(and(mine === true ? isOwn(userId) : isSeen(userId), after))
    .orderBy(asc(assistants.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (last) => appsCursor(last.id));
  return { assistants: page.rows.map((row) => toAssistant(row, userId)), nextCursor: page.nextCursor };
}

async function ownAssistant(db: Sql, userId: UserId, id: AppId): Promise<AssistantRow> {
  const [row] = await db.select().from(assistants).where(isOwn(userId, id));
  if (!row) throw notYours(id);
  return row;
}

/** The version that was goes to the others, in the transaction that makes the next one: whoever looks finds either. */
function updateAssistant(db: Sql, now: string, userId: UserId, next: AssistantVersion) {
  const { assistantId: id, version, createdAt: _, ...settings } = next;
  return db.transaction(async (tx) => {
    const [before] = await tx.select().from(assistants).where(isOwn(userId, id)).for('update');
    if (!before) throw notYours(id);
    if (before.version !== version) return null;
    await tx
      .insert(assistantVersions)
      .values({ assistantId: id, version, settings: toSettings(before), createdAt: before.updatedAt });
    const [row] = await tx
      .update(assistants)
      .set({ ...settingsColumns(settings), version: version + 1, updatedAt: now })
      .where(eq(assistants.id, id))
      .returning();
    return row ? toAssistant(row, userId) : null;
  });
}

function readVersions(db: Sql, userId: UserId, id: AppId, { cursor, limit }: Page) {
  return readAtOnce(db, async (tx) => {
    const newest = await ownAssistant(tx, userId, id);
    const before: SQL | undefined =
      cursor === undefined ? undefined : lt(assistantVersions.version, parseVersionsCursor(cursor));
    const earlier = await tx
      .select()
      .from(assistantVersions)
      .where(and(eq(assistantVersions.assistantId, id), before))
      .orderBy(desc(assistantVersions.version))
      .limit(limit + 1);
    const found = [...(cursor === undefined ? [toAssistantVersion(newest)] : []), ...earlier.map(toEarlierVersion)];
    const page = pageOf(found, limit, (last) => versionsCursor(last.version));
    return { versions: [...page.rows], nextCursor: page.nextCursor };
  });
}

function notYours(id: AppId): SwitchboardError {
  return new SwitchboardError(
    'NOT_FOUND',
    `You have no assistant ${id}; those of others, and those that came with the server, cannot be changed.`,
  );
}

function tooMany(): SwitchboardError {
  const limit = limits.assistantsPerUser;
  return new SwitchboardError('TOO_LARGE', `You have ${limit} assistants; delete one that nobody needs any more.`, {
    details: { limit },
  });
}
