import { storeError } from './database-errors.ts';

/** Every method rejects with what `storeError` makes of the driver's errors. */
export function withStoreErrors<Port extends object>(store: Port): Port {
  const guarded = Object.entries(store).map(([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw storeError(error);
      }
    },
  ]);
  return Object.fromEntries(guarded) as Port;
}
