/** A server in a process of its own, to be killed: `askingHandler` on the folder of its argument. */
import { createServer } from '../../server/index.ts';
import { askingHandler } from './asking-handler.ts';

const server = await createServer({
  port: 0,
  dataDir: process.argv[2] ?? null,
  logLevel: 'silent',
  handlers: { assistant: { run: askingHandler } },
});
console.log(`ready at ${server.url}`);
