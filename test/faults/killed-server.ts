import { setTimeout as delay } from 'node:timers/promises';
import { startModelProvider } from '../helpers/model-provider.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import { ChatUnderFire } from './chat-under-fire.ts';
import { Dice } from './dice.ts';
import type { Tally } from './tally.ts';
import { addTally, newTally } from './tally.ts';
import { tell } from './told-answer.ts';

/** Starting a process takes a second, so several chats share each. */
const chatsEach = 4;
const kills = 2;
/** Milliseconds from a server's start to its end at most. */
const longestLifeMs = 700;

/** One run: a server process that is killed twice in the midst of its work and started again on its folder. */
export async function killServer(seed: number): Promise<Tally> {
  const dice = new Dice(seed);
  await using provider = await startModelProvider({ answer: tell });
  await using folder = await temporaryFolder();
  const start = () =>
    new ServerProcess({ DATA_DIR: folder.path, OPENAI_BASE_URL: provider.url, DEFAULT_MODEL: 'openai:double' });
  await using stack = new AsyncDisposableStack();
  let process = stack.use(start());
  let url = await process.ready();
  const chats = await Promise.all(
    Array.from({ length: chatsEach }, async () =>
      stack.use(await ChatUnderFire.start({ target: () => url, dice: dice.fork() })),
    ),
  );
  const acts = chats.map((chat) => actOften(chat, dice.between(3, 8)));
  for (let kill = 0; kill < kills; kill += 1) {
    await delay(dice.between(0, longestLifeMs));
    await process.stop('SIGKILL');
    process = stack.use(start());
    url = await process.ready();
  }
  await Promise.all(acts);
  const sum = newTally();
  for (const chat of chats) addTally(sum, await chat.judge());
  await process.stop('SIGTERM');
  return sum;
}

async function actOften(chat: ChatUnderFire, acts: number): Promise<void> {
  for (let left = acts; left > 0; left -= 1) await chat.author.act();
}
