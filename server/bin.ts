#!/usr/bin/env node
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addAskCommand } from '../client/cli/ask.ts';
import { addChatCommand } from '../client/cli/chat.ts';

const program = new Command('switchboard')
  .description('A typed, resumable chat backend: send a message, watch the answer stream, lose nothing.')
  .version(packageJson.version);

program
  .command('serve')
  .description('start the server; it is configured by the environment, see the README')
  .action(async () => {
    // The server's libraries take a second to load; `ask` must not wait for them.
    const { serve } = await import('./commands/serve.ts');
    await serve(process.env);
  });
addAskCommand(program);
addChatCommand(program);

await program.parseAsync();
