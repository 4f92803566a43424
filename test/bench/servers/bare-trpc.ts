/** Control: a tRPC subscription over ws that yields each token tracked, the provider's stream parsed by hand. */
import { createServer } from 'node:http';
import { initTRPC, tracked } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { listen } from '../listen.ts';
import { serveParent } from '../parent.ts';
import { providerUrl } from './environment.ts';
import { providerStream } from './provider-stream.ts';

const url = providerUrl();
const t = initTRPC.create({ isDev: false });
const router = t.router({
  answer: t.procedure
    .input(z.object({ text: z.string(), lastEventId: z.string().nullish() }))
    .subscription(async function* ({ input, signal }) {
      let index = 0;
      for await (const text of providerStream(url, input.text, signal ?? new AbortController().signal)) {
        yield tracked(String(index), { type: 'token', text });
        index += 1;
      }
    }),
});

const server = createServer();
applyWSSHandler({ wss: new WebSocketServer({ server, perMessageDeflate: false }), router });
const port = await listen(server);
serveParent(`ws://127.0.0.1:${port}`);
