import { percentile } from '../figures.ts';
import { order } from '../token.ts';
import { connect, newChat, type Scene } from './scene.ts';

const cuts = 100;

/** A reader whose socket is cut in the middle of an answer: from the first try to connect to the next event. */
export const resume: Scene = async (server) => {
  const sender = await connect(server);
  const chatId = await newChat(sender);
  const { cursor } = await sender.mutate<{ cursor: string }>('chat.send', { chatId, text: order(2_000, 200) });
  const times: number[] = [];
  let snapshots = 0;
  let lastEventId = cursor;
  for (let cut = 0; cut < cuts; cut += 1) {
    const startedAt = performance.now();
    const client = await connect(server);
    const stream = client.stream({ chatId, lastEventId });
    await stream.until(({ received }) => received.length > 0);
    times.push(performance.now() - startedAt);
    snapshots += stream.types.includes('snapshot') ? 1 : 0;
    lastEventId = stream.cursor ?? lastEventId;
    client.cut();
  }
  await sender.mutate('chat.stop', { chatId });
  await sender[Symbol.asyncDispose]();
  return [
    { what: 'resume after a cut, connecting included, p50', value: percentile(times, 0.5), unit: 'ms' },
    { what: 'resume after a cut, connecting included, p99', value: percentile(times, 0.99), unit: 'ms' },
    { what: `snapshots in ${cuts} resumes`, value: snapshots, unit: '', goal: 0 },
  ];
};
