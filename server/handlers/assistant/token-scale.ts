import type { Message } from '../../../shared/message.ts';

/** Of a shorter conversation the provider's own words around each message say more than the messages. */
const leastTokens = 500;

/** An estimate is never off by more than this; what says so was not told the same conversation. */
const most = 4;

/** Parts of answers for which a model was asked several times. */
const ofSeveralCalls = new Set<string>(['tool', 'steering', 'suggestions', 'input']);

/**
 * How many tokens the provider counts where we estimate one, by its report of the newest answer here; 1 where nothing is
 * known, and never less: who sends too little loses words, who sends too much gets no answer.
 *
 * @param messages of the conversation, oldest first, without holes
 * @param sizeOf tokens of a message, estimated
 * @param before tokens, estimated, of what the model was told before these messages
 */
export function tokenScale(messages: readonly Message[], sizeOf: (message: Message) => number, before: number): number {
  const index = messages.findLastIndex(isOfOneCall);
  const inputTokens = messages[index]?.usage?.inputTokens ?? 0;
  const estimated = messages.slice(0, Math.max(index, 0)).reduce((sum, message) => sum + sizeOf(message), before);
  if (estimated < leastTokens) return 1;
  return Math.min(Math.max(inputTokens / estimated, 1), most);
}

function isOfOneCall({ role, usage, parts }: Message): boolean {
  return role === 'assistant' && usage?.source === 'reported' && !parts.some(({ type }) => ofSeveralCalls.has(type));
}
