import type { Command } from 'commander';
import type { KeysTask } from './keys.ts';

/** `switchboard keys`: create, list and revoke. */
export function addKeysCommand(program: Command): void {
  const group = program
    .command('keys')
    .description('make, list and revoke API keys, in the database itself')
    .addHelpText('after', help);
  add(group, 'create', 'make a key; it is printed once, on stdout')
    .option('--name <name>', 'what it is for', 'key')
    .action(({ user, name }: { user: string; name: string }) => run(user, { do: 'create', name }));
  add(group, 'list', 'list the keys of a user').action(({ user }: { user: string }) => run(user, { do: 'list' }));
  add(group, 'revoke', 'take a key back')
    .argument('<id>', 'the id of the key, as list shows it')
    .action((id: string, { user }: { user: string }) => run(user, { do: 'revoke', id }));
}

function add(group: Command, name: string, description: string): Command {
  return group.command(name).description(description).requiredOption('--user <id>', 'whose keys');
}

async function run(user: string, task: KeysTask): Promise<void> {
  // Database drivers take a while to load; help must not wait for them.
  const { keys } = await import('./keys.ts');
  process.exitCode = await keys(process.env, user, task, {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
  });
}

const help = `
It looks at DATABASE_URL or DATA_DIR, as "switchboard serve" does. The embedded database can be opened while no server
runs on it; with a Postgres server it may run.

Examples:
  switchboard keys create --user ann --name laptop
  switchboard keys list --user ann
  switchboard keys revoke --user ann 0198c0de-0000-7000-8000-000000000001

Exit codes:
  0  done
  1  not done; the reason is on stderr`;
