import type { ChatClient } from '../../index.ts';
import { saveFile } from '../ui/save-file.ts';

/** Lets the browser save the chat as a file. Rejects with the server's error. */
export async function downloadChat(api: ChatClient['api'], chatId: string, format: 'markdown' | 'json'): Promise<void> {
  const { name, mediaType, text } = await api.chat.export.query({ chatId, format });
  saveFile(new Blob([text], { type: mediaType }), name);
}
