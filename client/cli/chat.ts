import { ChatLines } from './chat-lines.ts';
import { Conversation } from './conversation.ts';
import { findApp, findChat } from './find-chat.ts';
import { LineSource } from './line-source.ts';
import type { SessionOptions } from './session-options.ts';
import { inSession } from './session.ts';
import type { Terminal } from './terminal.ts';

/** `switchboard chat`: a conversation, line by line. Resolves to the exit code; never rejects. */
export async function chat(options: SessionOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async (session) => {
    const chat = await findChat(session.client, options);
    const app = await findApp(session.client, options.app);
    const showReasoning = options.reasoning ?? terminal.stderr.isTTY ?? false;
    const lines = new LineSource(terminal, session.screen);
    const conversation = new Conversation({ session, lines, chat, app, showReasoning });
    return new ChatLines(session, lines, conversation).read();
  });
}
