import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TokenAccess } from '../../../../server/auth/access.ts';
import type { Connection, Identity } from '../../../../server/connection.ts';
import type { Context } from '../../../../server/context.ts';
import { appRouter } from '../../../../server/routers/app-router.ts';
import { newId } from '../../../../shared/new-id.ts';
import { newUser } from '../../../helpers/store-chat.ts';

const user = { id: newUser() };
const identity = (more: Partial<Identity> = {}): Identity => ({ user, expiresAt: null, revoked: null, ...more });

const dayMs = 86_400_000;

describe('access', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('[AUTH-4] ends exactly when its token does, also one that lasts longer than a timer can', () => {
    for (const lastsMs of [1, 60_000, 60 * dayMs]) {
      const gone = new AbortController();
      const access = new TokenAccess(identity({ expiresAt: Date.now() + lastsMs }), gone.signal);
      vi.advanceTimersByTime(lastsMs - 1);
      expect([access.user, access.expiresInMs, access.ended.aborted]).toEqual([user, 1, false]);
      vi.advanceTimersByTime(1);
      expect([access.user, access.expiresInMs, access.ended.aborted]).toEqual([null, 0, true]);
      gone.abort();
    }
  });

  test('[AUTH-4] is over at its end even when the process was too busy to notice', () => {
    let now = 0;
    const access = new TokenAccess(identity({ expiresAt: 10 }), new AbortController().signal, () => now);
    now = 10;
    expect([access.user, access.ended.aborted]).toEqual([null, false]);
  });

  test('[AUTH-5] follows the token that was handed over last, and cannot be had back after its end', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const access = new TokenAccess(
      identity({ expiresAt: Date.now() + 10, revoked: first.signal }),
      new AbortController().signal,
    );
    access.renew(identity({ expiresAt: Date.now() + 50, revoked: second.signal }));
    first.abort();
    vi.advanceTimersByTime(20);
    expect(access.user).toEqual(user);
    second.abort();
    expect(access.user).toBeNull();
    expect(() => access.renew(identity())).toThrow('expected a valid token of the user');
  });

  test('[AUTH-7] of a key that was revoked while it was being looked up is none', () => {
    const access = new TokenAccess(identity({ revoked: AbortSignal.abort() }), new AbortController().signal);
    expect([access.user, access.ended.aborted]).toEqual([null, true]);
  });

  test('[AUTH-4] leaves no timer and no listener when its connection goes', () => {
    const gone = new AbortController();
    const revoked = new AbortController();
    const access = new TokenAccess(identity({ expiresAt: Date.now() + dayMs, revoked: revoked.signal }), gone.signal);
    access.renew(identity({ expiresAt: Date.now() + 2 * dayMs, revoked: revoked.signal }));
    expect([vi.getTimerCount(), getEventListeners(revoked.signal, 'abort').length]).toEqual([1, 1]);
    gone.abort();
    expect([vi.getTimerCount(), getEventListeners(revoked.signal, 'abort').length]).toEqual([0, 0]);
    const late = new TokenAccess(identity({ expiresAt: Date.now() + dayMs, revoked: revoked.signal }), gone.signal);
    expect(late.user).toEqual(user);
    expect([vi.getTimerCount(), getEventListeners(revoked.signal, 'abort').length]).toEqual([0, 0]);
  });
});

describe('a procedure', () => {
  /** A context in which these are the only services that are asked. */
  const contextOf = (access: TokenAccess, services: object): Context => {
    const signal = new AbortController().signal;
    const connection: Partial<Connection> = { access, signal, enter: () => Promise.resolve(() => {}) };
    return { connection, ...services } as unknown as Context;
  };

  test('[AUTH-4] tells nothing that came of a stream after the end of its token, such as what waited for a full socket', async () => {
    const revoked = new AbortController();
    const access = new TokenAccess(identity({ revoked: revoked.signal }), new AbortController().signal);
    const chatManager = {
      async *stream() {
        yield { cursor: '1', event: { type: 'chat.deleted', chatId: newId() } };
        revoked.abort();
        yield { cursor: '2', event: { type: 'chat.deleted', chatId: newId() } };
      },
    };
    const told: unknown[] = [];
    const follow = async () => {
      const caller = appRouter.createCaller(contextOf(access, { chatManager }));
      for await (const event of await caller.chat.stream({ chatId: newId() })) told.push(event);
    };
    await expect(follow()).rejects.toThrow('expected a valid token, got one that has ended');
    expect(told).toHaveLength(1);
  });

  test('[AUTH-4] does not tell what it read for somebody whose token ended meanwhile; a change that was made is told', async () => {
    const callerWhoseTokenEnds = () => {
      const revoked = new AbortController();
      const access = new TokenAccess(identity({ revoked: revoked.signal }), new AbortController().signal);
      const during = () => {
        revoked.abort();
        return Promise.resolve({ title: 'done' });
      };
      return appRouter.createCaller(
        contextOf(access, { store: { chats: during }, chatManager: { changes: { rename: during } } }),
      );
    };
    await expect(callerWhoseTokenEnds().chat.list()).rejects.toThrow('one that has ended');
    const renamed = await callerWhoseTokenEnds().chat.rename({ chatId: newId(), title: 'done' });
    expect(renamed).toEqual({ title: 'done' });
  });
});
