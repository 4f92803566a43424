import { HumanMessage } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { limits } from '../../shared/limits.ts';

/** An image as every provider's library takes it, with its bytes. */
export type ImageBlock = {
  readonly type: 'image_url';
  readonly image_url: { readonly url: string };
};

export function imageBlock(mediaType: string, bytes: Uint8Array): ImageBlock {
  return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}` } };
}

/** What a person said and showed. */
export function personSays(text: string, images: readonly ImageBlock[] = []): HumanMessage {
  if (images.length === 0) return new HumanMessage(text);
  const words = text === '' ? [] : [{ type: 'text' as const, text }];
  return new HumanMessage({ content: [...words, ...images] });
}

/** Tokens of the images of a message, estimated. */
export function imageTokensOf({ content }: BaseMessage): number {
  if (typeof content === 'string') return 0;
  return content.filter(({ type }) => type === 'image_url').length * limits.imageTokens;
}
