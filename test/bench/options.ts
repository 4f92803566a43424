import { parseArgs } from 'node:util';
import { serverNames, type ServerName } from './servers/roster.ts';

export interface Options {
  readonly chats: readonly number[];
  readonly servers: readonly ServerName[];
  /** How often each row is measured; undefined: more often where a goal hangs on it. */
  readonly repeat: number | undefined;
  readonly spreadMs: number;
  readonly json: boolean;
  readonly profile: boolean;
}

export const usage = `npm run bench -- [options]
  --chats 10,100,200,500   how many chats at once
  --servers ${serverNames.join(',')}
  --repeat 5               measure each row so often and take medians (default: 5 at 100 and 200 chats, else 1)
  --spread-ms 0            spread the sends over so many milliseconds
  --json                   print the figures as JSON instead of the table
  --profile                record a CPU profile of each row and print where the time went; the figures are then inflated`;

function wholeNumber(name: string, value: string, least: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Error(`--${name}: expected a whole number of at least ${least}, got ${JSON.stringify(value)}`);
}

function serverName(value: string): ServerName {
  const name = serverNames.find((known) => known === value);
  if (name !== undefined) return name;
  throw new Error(`--servers: expected names of ${serverNames.join(', ')}, got ${JSON.stringify(value)}`);
}

/** Null: only the usage was asked for. Throws with what was expected. */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      chats: { type: 'string', default: '10,100,200,500' },
      servers: { type: 'string', default: serverNames.join(',') },
      repeat: { type: 'string' },
      'spread-ms': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    chats: values.chats.split(',').map((value) => wholeNumber('chats', value, 1)),
    servers: values.servers.split(',').map(serverName),
    repeat: values.repeat === undefined ? undefined : wholeNumber('repeat', values.repeat, 1),
    spreadMs: wholeNumber('spread-ms', values['spread-ms'], 0),
    json: values.json,
    profile: values.profile,
  };
}
