import { createServer } from '../../server/index.ts';
import { startModelProvider } from '../helpers/model-provider.ts';
import { ChatUnderFire } from './chat-under-fire.ts';
import { Dice } from './dice.ts';
import type { Tally } from './tally.ts';
import { tell } from './told-answer.ts';

interface Ground extends AsyncDisposable {
  /** One run: a chat whose every link breaks again and again. Rejects with everything that is not as it should be. */
  run(seed: number): Promise<Tally>;
}

/** One server in this process, on a database in memory, for any number of runs. */
export async function cutLinks(): Promise<Ground> {
  const provider = await startModelProvider({ answer: tell });
  const server = await createServer({
    port: 0,
    dataDir: null,
    logLevel: 'silent',
    titles: false,
    openaiBaseUrl: provider.url,
    defaultModel: 'openai:double',
  });
  return {
    async run(seed) {
      const dice = new Dice(seed);
      await using chat = await ChatUnderFire.start({ target: () => server.url, dice });
      for (let acts = dice.between(2, 8); acts > 0; acts -= 1) await chat.author.act();
      return await chat.judge();
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await provider.close();
    },
  };
}
