import type { ChatClient } from '../../index.ts';

/** Milliseconds after which every browser has taken the file over; until then it is in memory. */
const takenMs = 60_000;

/** Lets the browser save the chat as a file. Rejects with the server's error. */
export async function downloadChat(api: ChatClient['api'], chatId: string, format: 'markdown' | 'json'): Promise<void> {
  const { name, mediaType, text } = await api.chat.export.query({ chatId, format });
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), takenMs);
}
