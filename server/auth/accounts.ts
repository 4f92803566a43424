import type { ApiKey } from '../../shared/api-key.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ApiKeyId, UserId } from '../../shared/ids.ts';
import type { RefreshToken } from '../../shared/inputs.ts';
import type { Connection, Identity } from '../connection.ts';
import type { ApiKeys } from './api-keys.ts';

/** Who is connected, and until when. */
export interface Me {
  readonly id: UserId;
  /** Milliseconds until the connection's token ends by itself; null: it does not. */
  readonly expiresInMs: number | null;
}

/** A new key. `secret` is the key itself, which is told this once. */
export type CreatedApiKey = ApiKey & { readonly secret: string };

interface AccountsOptions {
  /** Null where the program around the server checks tokens itself: it would not know the keys. */
  readonly keys: ApiKeys | null;
  readonly identify: (token: string) => Promise<Identity | null>;
}

/** What people do about who they are. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  me(userId: UserId, { access }: Connection): Me {
    return { id: userId, expiresInMs: access.expiresInMs };
  }

  /** Puts a new token in place of the connection's; its streams go on. Errors: `UNAUTHENTICATED`, `UNAVAILABLE`. */
  async refresh(userId: UserId, connection: Connection, { token }: RefreshToken): Promise<Me> {
    connection.access.renew(await this.#options.identify(token));
    return this.me(userId, connection);
  }

  /** Errors: `TOO_LARGE`. */
  async createKey(userId: UserId, name: string): Promise<CreatedApiKey> {
    const { key, secret } = await this.#keys().create(userId, name);
    return { ...key, secret };
  }

  async listKeys(userId: UserId): Promise<{ keys: ApiKey[] }> {
    return { keys: await this.#keys().list(userId) };
  }

  /** Errors: `NOT_FOUND`. */
  revokeKey(userId: UserId, keyId: ApiKeyId): Promise<ApiKey> {
    return this.#keys().revoke(userId, keyId);
  }

  #keys(): ApiKeys {
    if (this.#options.keys) return this.#options.keys;
    throw new SwitchboardError('NOT_FOUND', 'This server has no API keys: the program around it checks tokens itself.');
  }
}
