import type { StreamedEvent } from '../index.ts';
import { exitCodes } from './exit-codes.ts';
import { namedChat } from './find-chat.ts';
import type { ServerOptions } from './session-options.ts';
import { inSession } from './session.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { Transcript } from './transcript.ts';

export interface TailOptions extends ServerOptions {
  /** A cursor of an event that was seen: what came after it follows, without repetition. */
  readonly from?: string;
  /** One event a line as JSON. */
  readonly json?: boolean;
}

/**
 * `switchboard tail`: what happens in a chat, until it is stopped or the chat is deleted. At the end the place that was
 * reached is on stderr. Resolves to the exit code; never rejects.
 */
export async function tail(chatId: string, options: TailOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async (session) => {
    const stopped = new AbortController();
    const stopListening = terminal.onInterrupt(() => stopped.abort(), ['SIGINT', 'SIGTERM']);
    try {
      return await follow(session, chatId, options, stopped.signal);
    } finally {
      stopListening();
    }
  });
}

async function follow(session: Session, chatId: string, options: TailOptions, stopped: AbortSignal): Promise<number> {
  const { client, gone, screen } = session;
  const chat = await namedChat(client, chatId);
  const show = options.json ? printJson(session) : readable(session, new Transcript(chat));
  let cursor = options.from;
  try {
    const from = cursor === undefined ? { chatId: chat.id } : { chatId: chat.id, lastEventId: cursor };
    for await (const event of client.stream(from, { signal: AbortSignal.any([gone, stopped]) })) {
      await show(event);
      cursor = event.cursor;
    }
  } finally {
    await screen.endLine();
    if (cursor !== undefined) screen.notice(`go on here: switchboard tail ${chat.id} --from ${cursor}`);
  }
  gone.throwIfAborted();
  return exitCodes.completed;
}

type Show = (event: StreamedEvent) => Promise<void>;

function printJson({ screen }: Session): Show {
  return (event) => screen.line(JSON.stringify(event));
}

function readable({ screen }: Session, transcript: Transcript): Show {
  return async (event) => {
    for (const piece of transcript.tell(event)) {
      if (piece.kind === 'text') await screen.text(piece.text);
      else await screen.line(piece.text);
    }
  };
}
