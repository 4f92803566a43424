import type { BaseMessage } from '@langchain/core/messages';
import type { Conversation } from '../../../db/store.ts';
import { unitsPerToken } from '../../../shared/estimate-tokens.ts';
import { limits } from '../../../shared/limits.ts';
import type { Message } from '../../../shared/message.ts';
import { withFiles } from '../attached-files.ts';
import type { WithFiles } from '../attached-files.ts';
import { demoModelId } from '../demo-model.ts';
import type { HandlerEvent, HandlerRun } from '../handler.ts';
import type { ResolvedModel } from '../models.ts';
import type { Toolset } from '../tools/toolset.ts';
import { contextSize } from './context-size.ts';
import { cutOf } from './history-cut.ts';
import { promptMessages, sizeOfMessage } from './prompt-messages.ts';
import { makeSummary } from './summary.ts';
import { tokenScale } from './token-scale.ts';

export interface ContextOptions {
  readonly run: Pick<HandlerRun, 'attachments' | 'memory' | 'readFile' | 'resumed' | 'text'>;
  readonly resolved: ResolvedModel;
  readonly prompt: string;
  readonly toolset: Toolset | null;
  /** What came before, at most `recalledMessages`. */
  readonly conversation: Conversation;
  readonly signal: AbortSignal;
}

/** More than a model is given, so that what is too much can be summed up, and a few turns in which that failed. */
export const recalledMessages = 2 * limits.historyMessages;

/** Of what a model takes: where what is to be answered leaves less for the history nothing is summed up for it. */
const worthSummingUp = 1 / 8;

/** Of what the history may take: a summary takes no more. */
const summaryShare = 1 / 4;

/**
 * What a model is told, within what it takes: prompt, tools and what is to be answered count first, the rest is for the
 * conversation. What does not fit of that is summed up, once for many turns; where that fails it is left out.
 */
export async function* contextMessages(options: ContextOptions): AsyncGenerator<HandlerEvent, BaseMessage[]> {
  const { run, resolved, prompt, conversation } = options;
  const { summary } = conversation;
  const files = await withFiles(run, resolved, conversation.messages);
  const { history: messages, ...asked } = files;
  const sizeOf = (message: Message) => sizeOfMessage(message, files.earlierImages);
  const { scale, historyTokens } = roomFor(options, files, sizeOf);
  const told = { prompt, ...asked, historyTokens };
  const room = { tokens: historyTokens - contextSize(summary?.text ?? ''), messages: limits.historyMessages };
  const sized = messages.map((message) => ({ role: message.role, tokens: sizeOf(message) }));
  const cut = cutOf(sized, room);
  const inputTokens = Math.floor(resolved.inputTokens / scale);
  const isWorth = historyTokens > inputTokens * worthSummingUp && resolved.id !== demoModelId;
  const made =
    cut > 0 && isWorth
      ? yield* makeSummary({
          ...options,
          memory: run.memory,
          summary,
          messages: messages.slice(0, cut),
          inputTokens,
          mostText: Math.min(limits.summaryText, Math.floor(historyTokens * summaryShare) * unitsPerToken),
        })
      : null;
  if (made) return promptMessages({ ...told, summary: made.text, history: messages.slice(cut) });
  return promptMessages({ ...told, summary: summary?.text ?? '', history: messages.slice(-limits.historyMessages) });
}

/** Tokens, as we estimate them, that are left for the conversation, and how many of the provider's each of them is. */
function roomFor(options: ContextOptions, files: WithFiles, sizeOf: (message: Message) => number) {
  const { run, resolved, prompt, toolset, conversation } = options;
  const { history, images, text } = files;
  const { summary } = conversation;
  const always = contextSize(prompt) + (toolset ? contextSize(JSON.stringify(toolset.optionsFor(resolved))) : 0);
  const isWhole = history.length < recalledMessages;
  const scale = isWhole ? tokenScale(history, sizeOf, always + contextSize(summary?.text ?? '')) : 1;
  const asked = contextSize(text) + images.length * limits.imageTokens;
  const now = asked + contextSize(JSON.stringify(run.resumed?.parts ?? []));
  return { scale, historyTokens: Math.max(0, Math.floor(resolved.inputTokens / scale) - always - now) };
}
