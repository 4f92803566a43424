#!/usr/bin/env node
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addClientCommands } from '../client/cli/commands.ts';
import { addKeysCommand } from './commands/add-keys.ts';

const program = new Command('switchboard')
  .description('A typed, resumable chat backend: send a message, watch the answer stream, lose nothing.')
  .version(packageJson.version)
  .helpCommand('help [command]', 'tell more about a command')
  .addHelpText(
    'after',
    `
Begin with:
  switchboard serve                   start a server; without a model a built-in demo answers
  switchboard ask "What are you?"     in a second terminal
  switchboard doctor                  when something does not work

switchboard help COMMAND tells more, with examples and exit codes.`,
  );

program
  .command('serve')
  .description('start the server; it is configured by the environment')
  .addHelpText(
    'after',
    `
Environment (all of it is in the README; switchboard doctor checks it):
  PORT, HOST          where it listens (3000, 127.0.0.1)
  DATABASE_URL        a Postgres server, version 15 or newer; absent: an embedded database
  DATA_DIR            the folder of the embedded database (.data)
  OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, DEFAULT_MODEL
                      which models answer; with none of them a built-in demo does
  AUTH_SECRET or AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE
                      whose tokens are taken; with none of them nobody is asked, and only this machine may connect
  ALLOWED_ORIGINS     origins of pages on other machines that may connect, separated by commas
  DRAIN_SECONDS, LOG_LEVEL

Examples:
  switchboard serve
  OPENAI_API_KEY=sk-… switchboard serve
  PORT=4000 OPENAI_BASE_URL=http://127.0.0.1:11434/v1 DEFAULT_MODEL=openai:llama3.2 switchboard serve

Exit codes:
  0  stopped by a signal, after the answers under way
  1  it could not start; the reason is on stderr`,
  )
  .action(async () => {
    // The server's libraries take a second to load; `ask` must not wait for them.
    const { serve } = await import('./commands/serve.ts');
    await serve(process.env);
  });
addClientCommands(program);
addKeysCommand(program);
program
  .command('doctor')
  .description('check Node, configuration, database, port, models and page, and say what to fix')
  .option('--json', 'print one JSON object a line')
  .addHelpText(
    'after',
    `
It looks at the environment that "switchboard serve" would be started with, and changes nothing.

Examples:
  switchboard doctor
  OPENAI_API_KEY=sk-… DEFAULT_MODEL=openai:gpt-5-mini switchboard doctor
  switchboard doctor --json | jq 'select(.state == "problem")'

Exit codes:
  0  no problem was found; warnings may be
  1  at least one problem was found; its line says what to fix`,
  )
  .action(async (options: { json?: boolean }) => {
    const { doctor } = await import('./commands/doctor.ts');
    process.exitCode = await doctor(process.env, { json: options.json ?? false });
  });

// Without a word it teaches; commander would print this on stderr and exit with 1.
if (process.argv.length === 2) program.outputHelp();
else await program.parseAsync();
