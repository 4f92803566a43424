import { cutText } from '../../../shared/text.ts';

/** Bytes of UTF-8 of a token, about: four letters of Latin, two of Cyrillic, little more than one sign of Chinese. */
const bytesPerToken = 4;

/**
 * Tokens of a text, estimated, for what a model takes. Closer than four characters a token where people do not write in
 * Latin letters; never counted by LangChain, whose tokenizer is downloaded first.
 */
export function contextSize(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** The beginning of a text, of about so many tokens, with a mark where it was cut. */
export function cutToSize(text: string, tokens: number): string {
  const size = contextSize(text);
  return size <= tokens ? text : `${cutText(text, Math.floor((text.length * tokens) / size))} […]`;
}
