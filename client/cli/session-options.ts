import type { Command } from 'commander';

/** Which server, and who asks. */
export interface ServerOptions {
  readonly url: string;
  readonly token?: string;
}

/** Which chat a message goes to, and what of its answer is shown. */
export interface SessionOptions extends ServerOptions {
  /** The chat to go on in; absent: a new one. */
  readonly chat?: string;
  /** Go on in the chat in which something was last said. */
  readonly last?: boolean;
  /** Who answers in a new chat: id or name of an assistant or a workflow. */
  readonly app?: string;
  readonly reasoning?: boolean;
}

/** The options of every command that talks to a server. */
export function addServerOptions(command: Command): Command {
  const url = process.env['SWITCHBOARD_URL'] || 'http://127.0.0.1:3000';
  const token = process.env['SWITCHBOARD_TOKEN'];
  return command
    .option('--url <url>', 'the server', url)
    .option('--token <token>', 'who you are, where the server asks')
    .hook('preAction', (_, action) => {
      // Not as a default: `--help` would print it.
      if (token !== undefined && action.opts()['token'] === undefined) action.setOptionValue('token', token);
    });
}

/** The options that `ask` and `chat` share. */
export function addSessionOptions(command: Command): Command {
  return addServerOptions(
    command
      .option('--chat <id>', 'go on in this chat')
      .option('--last', 'go on in the chat in which something was last said')
      .option('--app <id or name>', 'the assistant or workflow that answers in a new chat')
      .option('--reasoning', 'show the reasoning on stderr, also where that is no terminal'),
  );
}
