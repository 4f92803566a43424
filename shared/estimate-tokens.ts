/** UTF-16 units of a token, about, in the languages that models see most. */
export const unitsPerToken = 4;

/**
 * Tokens of a text, estimated. Never counted by LangChain: its tokenizer is downloaded first, and hangs where there is
 * no internet.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / unitsPerToken);
}
