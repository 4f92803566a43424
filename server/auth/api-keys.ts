import { createHash, randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import type { KeyStore } from '../../db/key-store.ts';
import type { ApiKey } from '../../shared/api-key.ts';
import type { ApiKeyId, UserId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import type { Authenticate } from '../authenticate.ts';
import type { Logger } from '../logger.ts';

/** Every key begins with it: nothing else is looked for among the keys, and scanners for leaked secrets know it. */
const mark = 'sb_';

/** Of random bits: nobody guesses that many, so a plain hash keeps them as well as a slow one. */
const keyBytes = 32;

const shape = /^sb_[\w-]{43}$/;

/** Characters that are kept readable, the mark included. They leave 220 bits to guess. */
const prefixLength = 9;

/** Milliseconds between two looks at whether somebody else has revoked a key that is in use here. */
const lookEveryMs = 400;

export interface NewApiKey {
  readonly key: ApiKey;
  /** The key itself. It is nowhere else, and cannot be shown again. */
  readonly secret: string;
}

/** Makes a key, of which only the hash is kept. Errors: `TOO_LARGE` when the user has too many. */
export async function makeApiKey(store: KeyStore, userId: UserId, name: string): Promise<NewApiKey> {
  const secret = mark + randomBytes(keyBytes).toString('base64url');
  const prefix = secret.slice(0, prefixLength);
  return { key: await store.createKey(userId, { id: newId(), name, prefix, hash: hashOf(secret) }), secret };
}

export function isApiKey(token: string): boolean {
  return token.startsWith(mark);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

interface ApiKeysOptions {
  readonly store: KeyStore;
  readonly logger: Logger;
  /** Whether other processes change keys in this database too. */
  readonly isShared: boolean;
}

/** The keys of all users, and who has to be told when one is revoked. */
export class ApiKeys {
  readonly #store: KeyStore;
  readonly #logger: Logger;
  /** By hash. What is not listened to is not in use; one stays for each key that was ever good here. */
  readonly #known = new Map<string, AbortController>();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor({ store, logger, isShared }: ApiKeysOptions) {
    this.#store = store;
    this.#logger = logger;
    if (isShared) this.#timer = setInterval(() => void this.#look(), lookEveryMs).unref();
  }

  /** Who a key belongs to; null when it is none, or revoked. */
  readonly authenticate: Authenticate = async (token) => {
    if (token === null || !shape.test(token)) return null;
    const hash = hashOf(token);
    // Before it is looked up, so that a revocation in between finds it.
    const controller = this.#known.get(hash) ?? new AbortController();
    this.#known.set(hash, controller);
    const userId = await this.#store.useKey(hash);
    if (userId !== null) return { id: userId, revoked: controller.signal };
    this.#end(hash);
    return null;
  };

  create(userId: UserId, name: string): Promise<NewApiKey> {
    return makeApiKey(this.#store, userId, name);
  }

  list(userId: UserId): Promise<ApiKey[]> {
    return this.#store.keys(userId);
  }

  /** Whoever uses it here is cut off at once. Twice is once. Errors: `NOT_FOUND`. */
  async revoke(userId: UserId, keyId: ApiKeyId): Promise<ApiKey> {
    const { key, hash } = await this.#store.revokeKey(userId, keyId);
    this.#end(hash);
    return key;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #end(hash: string): void {
    this.#known.get(hash)?.abort();
    this.#known.delete(hash);
  }

  /** A database that is away is asked again the next time. */
  async #look(): Promise<void> {
    const inUse = [...this.#known].filter(([, { signal }]) => getEventListeners(signal, 'abort').length > 0);
    if (inUse.length === 0) return;
    try {
      for (const hash of await this.#store.revokedAmong(inUse.map(([hash]) => hash))) this.#end(hash);
    } catch (err) {
      this.#logger.debug({ err }, 'could not ask whether keys were revoked');
    }
  }
}
