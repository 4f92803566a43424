import { ConnectError } from '../../db/connect-error.ts';
import { connect } from '../../db/connect.ts';
import type { KeyStore } from '../../db/key-store.ts';
import type { ApiKey } from '../../shared/api-key.ts';
import { ApiKeyName } from '../../shared/api-key.ts';
import { SwitchboardError, unreachable } from '../../shared/errors.ts';
import { ApiKeyId, UserId } from '../../shared/ids.ts';
import { makeApiKey } from '../auth/api-keys.ts';
import { ConfigError, readConfig } from '../config.ts';

/** What is wrong with what was typed. */
class Mistake extends Error {}

interface Printer {
  out(line: string): void;
  err(line: string): void;
}

/** What to do with the keys of one user. */
export type KeysTask =
  | { readonly do: 'create'; readonly name: string }
  | { readonly do: 'list' }
  | { readonly do: 'revoke'; readonly id: string };

/**
 * Works on the database itself, for whoever may do that: before the first person can sign in, and when nobody can. A
 * running server notices. Resolves to the exit code: 1 when it could not be done, with the reason printed.
 */
export async function keys(env: NodeJS.ProcessEnv, user: string, task: KeysTask, print: Printer): Promise<number> {
  try {
    const userId = userOf(user);
    const work = workOf(task, print);
    const database = await connect(readConfig(env)).catch(tellOtherWay);
    try {
      await work(database.keys, userId);
      return 0;
    } finally {
      await database.close();
    }
  } catch (error) {
    if (![Mistake, ConfigError, ConnectError, SwitchboardError].some((kind) => error instanceof kind)) throw error;
    print.err((error as Error).message);
    return 1;
  }
}

/** What was typed is looked at before the database is opened. */
function workOf(task: KeysTask, print: Printer): (store: KeyStore, userId: UserId) => Promise<void> {
  switch (task.do) {
    case 'create': {
      const name = nameOf(task.name);
      return async (store, userId) => {
        const { key, secret } = await makeApiKey(store, userId, name);
        print.err(`The key of ${userId}, id ${key.id}. It is shown this once:`);
        print.out(secret);
      };
    }
    case 'list':
      return async (store, userId) => {
        const found = await store.keys(userId);
        for (const key of found) print.out(lineOf(key));
        if (found.length === 0) print.err(`${userId} has no keys.`);
      };
    case 'revoke': {
      const keyId = idOf(task.id);
      return async (store, userId) => {
        const { key } = await store.revokeKey(userId, keyId);
        print.err(`Revoked ${key.prefix}… (${key.name}). What is connected with it is cut off within a second.`);
      };
    }
    default:
      return unreachable(task);
  }
}

/** The embedded database is one process's at a time. */
function tellOtherWay(error: unknown): never {
  if (!(error instanceof ConnectError) || !error.message.includes('is in use by')) throw error;
  throw new ConnectError(
    `${error.message}\nWhile a server runs on the embedded database its users manage their keys themselves: ` +
      'account.apiKeys.create, list and revoke.',
    { cause: error },
  );
}

function lineOf({ id, prefix, name, createdAt, lastUsedAt, revokedAt }: ApiKey): string {
  const state = revokedAt === null ? `used ${lastUsedAt ?? 'never'}` : `revoked ${revokedAt}`;
  return [id, `${prefix}…`, `made ${createdAt}`, state, name].join('  ');
}

function userOf(text: string): UserId {
  const user = UserId.safeParse(text);
  if (user.success) return user.data;
  throw new Mistake(`--user: expected an id of 1 to 255 characters, got ${text.length}`);
}

function nameOf(text: string): string {
  const name = ApiKeyName.safeParse(text);
  if (name.success) return name.data;
  throw new Mistake(`--name: expected 1 to 200 characters, got ${text.trim().length}`);
}

function idOf(text: string): ApiKeyId {
  const id = ApiKeyId.safeParse(text);
  if (id.success) return id.data;
  throw new Mistake(`expected the id of a key, as "switchboard keys list" shows it, got ${JSON.stringify(text)}`);
}
