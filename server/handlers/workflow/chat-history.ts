import { limits } from '../../../shared/limits.ts';
import { textOf } from '../../../shared/message.ts';
import type { Message } from '../../../shared/message.ts';
import { unitsPerToken } from '../../../shared/estimate-tokens.ts';

const speakers = { user: 'Person', assistant: 'Assistant' } as const satisfies Record<Message['role'], string>;

/** The latest turns of a chat as one text, `{{chat.history}}`: as much of its end as a model is given of a conversation. */
export function historyText(messages: readonly Message[]): string {
  let left = limits.historyTokens * unitsPerToken;
  const lines: string[] = [];
  for (const message of messages.toReversed()) {
    const line = `${speakers[message.role]}: ${textOf(message)}`;
    left -= line.length;
    if (left < 0 && lines.length > 0) break;
    lines.unshift(line);
  }
  return lines.join('\n');
}
