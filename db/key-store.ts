import type { ApiKey } from '../shared/api-key.ts';
import type { ApiKeyId, UserId } from '../shared/ids.ts';

/** API keys, of which the store knows no more than a hash. The same errors as the `Store`'s. */
export interface KeyStore {
  /** Errors: `TOO_LARGE` when the user has as many in use as anybody may have. */
  createKey(
    userId: UserId,
    key: { readonly id: ApiKeyId; readonly name: string; readonly prefix: string; readonly hash: string },
  ): Promise<ApiKey>;
  /** Those in use first, the newest first; of the revoked ones the last hundred. */
  keys(userId: UserId): Promise<ApiKey[]>;
  /** Twice is once. Errors: `NOT_FOUND` for a key that is missing or another user's. */
  revokeKey(userId: UserId, keyId: ApiKeyId): Promise<{ key: ApiKey; hash: string }>;
  /** Whose key it is, and that it was used; null when there is none, or it is revoked. */
  useKey(hash: string): Promise<UserId | null>;
  /** Which of these are not in use any more. */
  revokedAmong(hashes: readonly string[]): Promise<string[]>;
}
