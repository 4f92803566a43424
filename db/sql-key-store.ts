import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { SwitchboardError } from '../shared/errors.ts';
import type { ApiKeyId, UserId } from '../shared/ids.ts';
import { limits } from '../shared/limits.ts';
import type { KeyStore } from './key-store.ts';
import { toApiKey } from './rows.ts';
import { apiKeys } from './schema.ts';
import type { Sql } from './sql.ts';
import { withStoreErrors } from './store-errors.ts';

/** Milliseconds for which a use counts as told: a write for each request would cost more than the answer is worth. */
const usedEveryMs = 600_000;

/** Revoked keys that a list still shows. */
const revokedShown = 100;

/** @param clock milliseconds since 1970, for tests */
export function sqlKeyStore(db: Sql, clock: () => number = Date.now): KeyStore {
  const now = () => new Date(clock()).toISOString();
  return withStoreErrors<KeyStore>({
    createKey: async (ownerId, key) => {
      const inUse = await db.$count(apiKeys, and(eq(apiKeys.ownerId, ownerId), isNull(apiKeys.revokedAt)));
      if (inUse >= limits.apiKeys) throw tooMany();
      const [row] = await db
        .insert(apiKeys)
        .values({ ...key, ownerId, createdAt: now() })
        .returning();
      if (!row) throw new Error('a key was inserted and is not there');
      return toApiKey(row);
    },
    keys: async (ownerId) => {
      const rows = await db
        .select()
        .from(apiKeys)
        .where(eq(apiKeys.ownerId, ownerId))
        .orderBy(sql`${apiKeys.revokedAt} is not null`, desc(apiKeys.createdAt), desc(apiKeys.id))
        .limit(limits.apiKeys + revokedShown);
      return rows.map(toApiKey);
    },
    revokeKey: async (userId, keyId) => revokeKey(db, now(), userId, keyId),
    useKey: async (hash) => useKey(db, clock(), hash),
    revokedAmong: async (hashes) => {
      const good = await db
        .select({ hash: apiKeys.hash })
        .from(apiKeys)
        .where(and(inArray(apiKeys.hash, [...hashes]), isNull(apiKeys.revokedAt)));
      const inUse = new Set(good.map(({ hash }) => hash));
      return hashes.filter((hash) => !inUse.has(hash));
    },
  });
}

async function revokeKey(db: Sql, now: string, userId: UserId, keyId: ApiKeyId) {
  const [row] = await db
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${now}::timestamptz)` })
    .where(and(eq(apiKeys.id, keyId), eq(apiKeys.ownerId, userId)))
    .returning();
  if (!row) throw new SwitchboardError('NOT_FOUND', 'There is no such key.');
  return { key: toApiKey(row), hash: row.hash };
}

async function useKey(db: Sql, now: number, hash: string): Promise<UserId | null> {
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt)));
  if (!row) return null;
  const usedAt = row.lastUsedAt === null ? 0 : Date.parse(row.lastUsedAt);
  if (now - usedAt >= usedEveryMs) {
    await db
      .update(apiKeys)
      .set({ lastUsedAt: new Date(now).toISOString() })
      .where(eq(apiKeys.hash, hash));
  }
  return row.ownerId;
}

function tooMany(): SwitchboardError {
  const limit = limits.apiKeys;
  return new SwitchboardError('TOO_LARGE', `You have ${limit} keys in use; revoke one that nobody needs any more.`, {
    details: { limit },
  });
}
