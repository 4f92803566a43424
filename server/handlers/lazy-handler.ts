import type { ChatHandler, HandlerEvent } from './handler.ts';

type Made = Required<ChatHandler>;

/** A handler that is made when it is first asked: its libraries take their time to load, and most processes need none of them. */
export function lazyHandler(make: () => Promise<Made>): Made {
  let made: Promise<Made> | undefined;
  const handler = () => (made ??= make());
  return {
    run: (run, options) => ({ [Symbol.asyncIterator]: () => lazily(async () => (await handler()).run(run, options)) }),
    recall: async (runId, app) => (await handler()).recall(runId, app),
  };
}

/** A generator around another one would cost each token a turn. */
function lazily(make: () => Promise<AsyncIterable<HandlerEvent>>): AsyncIterator<HandlerEvent> {
  let events: AsyncIterator<HandlerEvent> | undefined;
  return {
    async next() {
      events ??= (await make())[Symbol.asyncIterator]();
      return events.next();
    },
    return: async () => (await events?.return?.()) ?? { done: true, value: undefined },
  };
}
