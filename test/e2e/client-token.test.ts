import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { codeOf, createChatClient } from '../../client/index.ts';
import type { ChatClient, StreamedEvent, TokenSource } from '../../client/index.ts';
import { fold } from '../../shared/fold.ts';
import { textOf } from '../../shared/message.ts';
import { endless } from '../helpers/endless-answer.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: ({ signal }) => endless(signal) }, { authSecret });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

interface TestClient extends AsyncDisposable {
  readonly client: ChatClient;
  /** The states of its connection, in order. */
  readonly states: string[];
}

/** Repeats come at once. */
function clientWith(token: TokenSource): TestClient {
  const client = createChatClient({ url: running.url, token, random: () => 0 });
  const states: string[] = [];
  client.connection.subscribe(() => {
    const state = client.connection.get();
    states.push('code' in state ? `${state.status} ${state.code}` : state.status);
  });
  return { client, states, [Symbol.asyncDispose]: () => client.close() };
}

/** Follows an answer from its beginning until this much time has passed, stops it, and returns everything that came. */
async function watchFor(client: ChatClient, ms: number): Promise<StreamedEvent[]> {
  const { id: chatId } = await client.api.chat.create.mutate({});
  const events: StreamedEvent[] = [];
  let stopAt = Infinity;
  for await (const event of client.stream({ chatId })) {
    events.push(event);
    if (event.type === 'snapshot') {
      await client.send({ chatId, text: 'go on' });
      stopAt = Date.now() + ms;
    }
    if (Date.now() > stopAt) {
      stopAt = Infinity;
      await client.stop({ chatId });
    }
    if (event.type === 'run.ended') break;
  }
  const { messages } = await client.api.chat.history.query({ chatId });
  const view = events.reduce(fold, null);
  expect(view?.messages.map(textOf)).toEqual(messages.map(textOf));
  return events;
}

const snapshots = (events: readonly StreamedEvent[]) => events.filter(({ type }) => type === 'snapshot').length;

test('[AUTH-14] a function gives a fresh token before each has ended, and the socket and its streams go on', async () => {
  let given = 0;
  const token = () => {
    given += 1;
    return tokenFor('ann', { expiresIn: 2 });
  };
  await using made = clientWith(token);
  const events = await watchFor(made.client, 4_500);
  expect(snapshots(events)).toBe(1);
  expect(made.states).toEqual(['connecting', 'open']);
  expect(given).toBeGreaterThanOrEqual(3);
});

test('[AUTH-15] a token that ended before a fresh one was to be had costs the socket; the stream goes on from its cursor', async () => {
  const first = await tokenFor('ann', { expiresIn: 1 });
  let asked = 0;
  const token = () => {
    asked += 1;
    if (asked === 1) return first;
    // Away for as long as the first one holds.
    if (made.states.includes('waiting 4401')) return tokenFor('ann', { expiresIn: 60 });
    throw new Error('whoever gives tokens is away');
  };
  await using made = clientWith(token);
  const events = await watchFor(made.client, 1_800);
  expect(snapshots(events)).toBe(1);
  expect(made.states).toEqual(['connecting', 'open', 'waiting 4401', 'connecting', 'open']);
});

test('[AUTH-15] a function that throws is asked again before a socket is opened', async () => {
  let asked = 0;
  await using made = clientWith(() => {
    asked += 1;
    if (asked < 3) throw new Error('away');
    return tokenFor('ann');
  });
  expect(await made.client.api.account.me.query()).toEqual({ id: 'ann', expiresInMs: null });
  expect(made.states.filter((state) => state === 'open')).toHaveLength(1);
});

test('[CLT-3] [AUTH-15] a function that gives a refused token again ends everything; one that gives others gets three tries', async () => {
  const refused = ['connecting', 'open', 'waiting 4401'];
  let last = 0;
  const sources: [TokenSource, string[]][] = [
    [() => 'bad', [...refused, 'connecting', 'closed 4401']],
    [() => `bad ${(last += 1)}`, [...refused, ...refused, 'connecting', 'open', 'closed 4401']],
  ];
  for (const [source, states] of sources) {
    await using made = clientWith(source);
    expect(await made.client.send({ chatId: crypto.randomUUID(), text: 'x' }).catch(codeOf)).toBe('UNAUTHENTICATED');
    expect(made.client.connection.get()).toMatchObject({ status: 'closed', code: 4401 });
    expect(made.states).toEqual(states);
  }
});
