import type { Attachment } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { limits } from '../../shared/limits.ts';
import { printEvents } from './ask-json.ts';
import { attachFiles } from './attached.ts';
import { Refused } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import { createChat, findApp, findChat } from './find-chat.ts';
import { oneTurn } from './one-turn.ts';
import type { SessionOptions } from './session-options.ts';
import { inSession } from './session.ts';
import type { Session } from './session.ts';
import { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';
import { takeTurn } from './turn.ts';

export interface AskOptions extends SessionOptions {
  /** The events instead of the text, one a line. */
  readonly json?: boolean;
  /** Files that the message is sent with. */
  readonly file?: readonly string[];
}

/** `switchboard ask`: one message in, its answer out. Resolves to the exit code; never rejects. */
export async function ask(words: string, options: AskOptions, terminal: Terminal): Promise<number> {
  let text;
  try {
    text = await readMessage(words, options.file ?? [], terminal);
  } catch (error) {
    new Screen(terminal).notice((error as Error).message);
    return exitCodes.refused;
  }
  return inSession(options, terminal, (session) => answer(session, text, options));
}

function answer(session: Session, text: string, options: AskOptions): Promise<number> {
  const { client } = session;
  let attachments: readonly Attachment[] = [];
  const chat = async (): Promise<Chat> => {
    const existing = await findChat(client, options);
    const app = existing ? undefined : await findApp(client, options.app);
    attachments = await attachFiles(session, options.file ?? [], '--file');
    return existing ?? createChat(client, { text, attachments }, app);
  };
  const { reasoning } = options;
  return oneTurn(session, { reasoning }, chat, (turn) =>
    options.json ? printEvents(turn, text, attachments) : takeTurn(turn, { text, attachments }),
  );
}

async function readMessage(words: string, files: readonly string[], terminal: Terminal): Promise<string> {
  const text = words === '' && !terminal.stdin.isTTY ? await readAll(terminal) : words;
  if (text.trim() !== '' || files.length > 0) return text;
  throw new Refused('expected a message, got none: switchboard ask "…", or echo "…" | switchboard ask');
}

/** Everything on stdin without the newline at its end. Stops reading where no server would take more. */
async function readAll({ stdin }: Terminal): Promise<string> {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin as AsyncIterable<string>) {
    text += chunk;
    if (text.length > limits.messageText + 2) {
      throw new Refused(`expected at most ${limits.messageText} UTF-16 units on stdin, got more`);
    }
  }
  return text.replace(/\r?\n$/, '');
}
