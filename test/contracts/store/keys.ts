import { describe, expect, it } from 'vitest';
import type { KeyStore } from '../../../db/key-store.ts';
import { sqlKeyStore } from '../../../db/sql-key-store.ts';
import type { ApiKeyId, UserId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { newUser } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

const create = (store: KeyStore, userId: UserId, name = 'a key') => {
  const id = newId<ApiKeyId>();
  return store.createKey(userId, { id, name, prefix: 'sb_abcdef', hash: `hash of ${id}` });
};

export function describeKeys({ open }: StoreUnderTest): void {
  describe('keys', () => {
    const openKeys = () => sqlKeyStore(open().db, open().clock.read);

    it('[STO-30] a key is found by its hash until it is revoked, and by its user alone', async () => {
      const store = openKeys();
      const [ann, bob] = [newUser(), newUser()];
      const key = await create(store, ann);
      const hash = `hash of ${key.id}`;
      expect(await store.useKey(hash)).toBe(ann);
      expect(await store.useKey('hash of nothing')).toBeNull();
      expect(await store.keys(bob)).toEqual([]);
      const foreign = await store.revokeKey(bob, key.id).catch((error: unknown) => error);
      const missing = await store.revokeKey(bob, newId()).catch((error: unknown) => error);
      expect(foreign).toMatchObject({ code: 'NOT_FOUND' });
      expect(foreign).toEqual(missing);
      expect(await store.revokedAmong([hash, 'hash of nothing'])).toEqual(['hash of nothing']);
      const revoked = await store.revokeKey(ann, key.id);
      expect(revoked).toMatchObject({ hash, key: { id: key.id } });
      expect(await store.useKey(hash)).toBeNull();
      expect(await store.revokedAmong([hash])).toEqual([hash]);
      expect(await store.revokeKey(ann, key.id)).toEqual(revoked);
    });

    it('[STO-30] a list has the keys in use first, the newest first, each without its hash', async () => {
      const store = openKeys();
      const user = newUser();
      const [first, second, third] = [
        await create(store, user, 'first'),
        await create(store, user, 'second'),
        await create(store, user, 'third'),
      ];
      await store.revokeKey(user, third.id);
      const listed = await store.keys(user);
      expect(listed.map(({ id }) => id)).toEqual([second.id, first.id, third.id]);
      expect(listed[1]).toEqual(first);
      expect(JSON.stringify(listed)).not.toContain('hash of');
    });

    it('[STO-31] a use is written down at most once in ten minutes', async () => {
      const { clock } = open();
      const store = openKeys();
      const user = newUser();
      const { id } = await create(store, user);
      const used = async () => {
        await store.useKey(`hash of ${id}`);
        const [key] = await store.keys(user);
        return key?.lastUsedAt;
      };
      const first = await used();
      expect(Date.parse(first ?? '')).toBeLessThanOrEqual(clock.read());
      expect(await used()).toBe(first);
      const later = sqlKeyStore(open().db, () => clock.read() + 600_000);
      await later.useKey(`hash of ${id}`);
      expect(Date.parse((await used()) ?? '')).toBeGreaterThanOrEqual(Date.parse(first ?? '') + 600_000);
    });
  });
}
