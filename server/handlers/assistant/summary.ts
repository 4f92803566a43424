import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { Summary } from '../../../db/store.ts';
import type { Message, Part } from '../../../shared/message.ts';
import { cutText } from '../../../shared/text.ts';
import type { ConversationMemory } from '../conversation-memory.ts';
import type { HandlerEvent } from '../handler.ts';
import type { ResolvedModel } from '../models.ts';
import { streamAnswer } from '../stream-answer.ts';
import { contextSize, cutToSize } from './context-size.ts';

export interface SummaryOptions {
  readonly resolved: ResolvedModel;
  readonly memory: ConversationMemory;
  /** Of what came before `messages`. */
  readonly summary: Summary | null;
  /** Oldest first; at least one. */
  readonly messages: readonly Message[];
  /** Tokens, estimated, that the model takes. */
  readonly inputTokens: number;
  /** UTF-16 units that the summary may have. */
  readonly mostText: number;
  readonly signal: AbortSignal;
}

/** Milliseconds that a summary may take: somebody waits for an answer. */
const patienceMs = 60_000;

const instruction =
  'Sum up the conversation that follows for whoever goes on with it without having read it: what the person wants and ' +
  'has told, names, numbers, decisions, what tools have shown, and what is open. Keep everything of an earlier summary ' +
  'that still matters. Use the language of the conversation. Answer with the summary alone, in at most';

/** UTF-16 units of what one call of a tool was given, and of what it gave. */
const callText = 1_000;

/**
 * What was said up to the last of these messages, summed up by the model and kept; null where it cannot be had, which
 * fails nothing. Tells that the model is alive meanwhile. Throws when `signal` aborts.
 */
export async function* makeSummary(options: SummaryOptions): AsyncGenerator<HandlerEvent, Summary | null> {
  const { memory, messages, signal } = options;
  const messageId = messages.at(-1)?.id;
  if (messageId === undefined) return null;
  try {
    const text = yield* summaryText(options);
    if (text === '') throw new Error('the model answered nothing');
    const made = { messageId, text };
    await memory.keep(made);
    return made;
  } catch (error) {
    signal.throwIfAborted();
    memory.noteFailure(error);
    return null;
  }
}

async function* summaryText(options: SummaryOptions): AsyncGenerator<HandlerEvent, string> {
  const { resolved, memory, mostText, signal } = options;
  const call = memory.summaryCall();
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const told = [new SystemMessage(instructionFor(mostText)), new HumanMessage(transcript(options))];
  let status: 'finished' | 'stopped' | 'failed' = 'stopped';
  let text = '';
  try {
    for await (const event of streamAnswer(resolved, told, patience, { calls: call })) {
      if (event.type === 'usage') call.note(event.usage);
      if (event.type === 'text') text += event.text;
      if (text.length > mostText) break;
      yield { type: 'alive' };
    }
    status = 'finished';
  } catch (error) {
    if (!signal.aborted) status = 'failed';
    throw error;
  } finally {
    await call.close(status);
  }
  return cutText(text.trim(), mostText);
}

/** Models count words better than characters; six of these are one word. */
function instructionFor(mostText: number): string {
  return `${instruction} ${Math.floor(mostText / 6)} words.`;
}

/** The conversation as one text. Where it is too long each message is cut to the same length. */
function transcript({ summary, messages, inputTokens, mostText }: SummaryOptions): string {
  const before = summary ? [`Summary of what was before: ${summary.text}`] : [];
  const said = messages.map(({ role, parts }) => `${speaker[role]}: ${parts.map(shownOf).join('').trim()}`);
  const room = inputTokens - contextSize(instructionFor(mostText) + before.join(''));
  const isTooLong = contextSize(said.join('\n\n')) > room;
  const share = Math.floor(room / said.length) - 2;
  return [...before, ...(isTooLong ? said.map((one) => cutToSize(one, share)) : said)].join('\n\n');
}

const speaker = { user: 'Person', assistant: 'Answer' } as const satisfies Record<Message['role'], string>;

function shownOf(part: Part): string {
  if (part.type === 'text') return part.text;
  if (part.type === 'steering') return `\n\nPerson: ${part.text}\n\nAnswer: `;
  if (part.type !== 'tool') return '';
  const { name, input, output, error, state } = part;
  const came = state === 'done' ? JSON.stringify(output ?? null) : `${state}: ${error ?? ''}`;
  return `\n[called ${name} with ${cutText(JSON.stringify(input ?? null), callText)}: ${cutText(came, callText)}]\n`;
}
