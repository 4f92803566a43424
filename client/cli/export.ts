import { exitCodes } from './exit-codes.ts';
import { namedChat } from './find-chat.ts';
import type { ServerOptions } from './session-options.ts';
import { inSession } from './session.ts';
import type { Terminal } from './terminal.ts';

export interface ExportOptions extends ServerOptions {
  readonly format: 'markdown' | 'json';
}

/** `switchboard export`: a chat on stdout, the branch that is shown. Resolves to the exit code; never rejects. */
export async function exportChat(chatId: string, options: ExportOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async ({ client, screen }) => {
    const { id } = await namedChat(client, chatId);
    const { text } = await client.api.chat.export.query({ chatId: id, format: options.format });
    await screen.text(text);
    await screen.endLine();
    return exitCodes.completed;
  });
}
