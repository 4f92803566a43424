import type { ChatHandler } from './handler.ts';

/** A handler that is made when it is first asked: its libraries take their time to load, and most processes need none of them. */
export function lazyHandler(make: () => Promise<Required<ChatHandler>>): Required<ChatHandler> {
  let made: Promise<Required<ChatHandler>> | undefined;
  const handler = () => (made ??= make());
  return {
    async *run(run, options) {
      yield* (await handler()).run(run, options);
    },
    recall: async (runId, app) => (await handler()).recall(runId, app),
  };
}
