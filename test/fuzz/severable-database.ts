import type { Database } from '../../db/connect.ts';

/** A server's hold on a database that outlives it: servers come and go, as processes do. */
export interface SeverableDatabase {
  readonly database: Database;
  /** As if the process had died: what is asked from now on is refused; resolves when what is under way is done. */
  sever(): Promise<void>;
}

/** Closing it leaves the database open. */
export function severable(lasting: Database): SeverableDatabase {
  const state = { isSevered: false };
  const underWay = new Set<Promise<unknown>>();
  const guard = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name, receiver) {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          if (state.isSevered) throw new Error('this process is dead');
          const call = Promise.resolve(Reflect.apply(method, target, args)).finally(() => underWay.delete(call));
          underWay.add(call);
          const result: unknown = await call;
          if (state.isSevered) throw new Error('this process is dead');
          return result;
        };
      },
    });
  return {
    database: {
      store: guard(lasting.store),
      assistants: guard(lasting.assistants),
      workflows: guard(lasting.workflows),
      nodeLogs: guard(lasting.nodeLogs),
      keys: guard(lasting.keys),
      checkpoints: guard(lasting.checkpoints),
      close: async () => {},
    },
    async sever() {
      state.isSevered = true;
      await Promise.allSettled(underWay);
    },
  };
}
