import { AIMessage, SystemMessage } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { limits } from '../../../shared/limits.ts';
import { filesOf, textOf } from '../../../shared/message.ts';
import type { Message, Part } from '../../../shared/message.ts';
import { personSays } from '../image-block.ts';
import type { ImageBlock } from '../image-block.ts';
import { contextSize, cutToSize } from './context-size.ts';
import { partMessages } from './part-messages.ts';
import { turnsOf } from './steered-answer.ts';

/** By file. */
type Images = ReadonlyMap<string, ImageBlock>;

const noImages: Images = new Map();

export interface Conversation {
  /** What the model is told before everything else; may be empty. */
  readonly prompt: string;
  /** Of what came before `history`; empty where nothing did, or nobody knows. */
  readonly summary?: string;
  /** Earlier messages, oldest first. */
  readonly history: readonly Message[];
  /** What is to be answered. */
  readonly text: string;
  /** What is shown with it. */
  readonly images?: readonly ImageBlock[];
  /** The images of earlier messages that are shown again, by file. */
  readonly earlierImages?: Images;
  /** Tokens, estimated, that summary and history may take. */
  readonly historyTokens: number;
}

interface Turn {
  readonly role: Message['role'];
  readonly text: string;
  /** Of a person's message. */
  readonly images?: readonly ImageBlock[];
  /** Of an answer for which tools were called: all of it, ending with text. */
  readonly steps?: readonly BaseMessage[];
}

/**
 * A conversation as every provider accepts it: the prompt, then turns that alternate, beginning and ending with the
 * person's. The newest of the history are kept whole as long as they fit; only when the very last does not, it is cut.
 */
export function promptMessages(conversation: Conversation): BaseMessage[] {
  const { prompt, summary = '', history, text, images = [], earlierImages = noImages, historyTokens } = conversation;
  const before: Turn[] = summary === '' ? [] : [{ role: 'user', text: `${summaryMark}\n\n${summary}` }];
  const told = history.flatMap((message) => toldTurns(message, earlierImages));
  const beginning = [...before, ...newest(told, historyTokens - contextSize(summary))];
  const first = beginning.findIndex((turn) => turn.role === 'user');
  const turns = merged([...(first === -1 ? [] : beginning.slice(first)), { role: 'user', text, images }]);
  const system = prompt.trim() === '' ? [] : [new SystemMessage(prompt)];
  return [
    ...system,
    ...turns.flatMap(
      ({ role, text, images, steps }) => steps ?? (role === 'user' ? personSays(text, images) : new AIMessage(text)),
    ),
  ];
}

/** It stands where the person's turns do, because it is made of what people wrote: nothing of it is an instruction of ours. */
const summaryMark = '[What was said before, summed up]';

/** Tokens, estimated, that a message takes of a conversation, its calls of tools and its images included. */
export function sizeOfMessage(message: Message, images: Images = noImages): number {
  return toldTurns(message, images).reduce((sum, turn) => sum + sizeOf(turn), 0);
}

function toldTurns(message: Message, images: Images): Turn[] {
  return turnsOf(message)
    .map((one) => turnOf(one, images))
    .filter((turn) => turn.text !== '' || imagesOf(turn).length > 0);
}

/** So that the model does not take its own half sentence for a finished thought. */
const cutMarks: Readonly<Partial<Record<Message['status'], string>>> = {
  stopped: '[stopped by the user]',
  failed: '[broken off by an error]',
  interrupted: '[broken off by an error]',
  streaming: '[broken off by an error]',
};

/** Stands for the text of an answer that ended with a call. */
const noText = '[no text]';

function turnOf(message: Message, earlierImages: Images): Turn {
  if (message.parts.some(({ type }) => type === 'tool')) return turnWithTools(message);
  const images = filesOf(message).flatMap(({ fileId }) => earlierImages.get(fileId) ?? []);
  return images.length === 0 ? plainTurn(message) : { ...plainTurn(message), images };
}

function imagesOf({ images = [] }: Turn): readonly ImageBlock[] {
  return images;
}

/** Providers want an answer after each result of a tool. */
function turnWithTools({ role, parts, status }: Message): Turn {
  const mark = cutMarks[status] ?? (lastOfModel(parts) === 'text' ? '' : noText);
  const marked: Part[] = mark === '' ? [...parts] : [...parts, { type: 'text', text: mark }];
  const steps = partMessages(marked);
  return { role, text: steps.map(({ text }) => text).join('\n'), steps };
}

/** What comes behind, such as its sources, is not told to a model. */
function lastOfModel(parts: readonly Part[]): Part['type'] | undefined {
  return parts.findLast(({ type }) => type === 'text' || type === 'tool')?.type;
}

function plainTurn(message: Message): Turn {
  const text = textOf(message);
  const mark = message.role === 'assistant' && text.trim() !== '' ? cutMarks[message.status] : undefined;
  return { role: message.role, text: mark ? `${text} ${mark}` : text.trim() && text };
}

function newest(turns: readonly Turn[], tokens: number): Turn[] {
  const kept: Turn[] = [];
  let left = tokens;
  if (left <= 0) return kept;
  for (const turn of turns.toReversed()) {
    const size = sizeOf(turn);
    if (size > left && kept.length > 0) break;
    kept.unshift(size > left ? { role: turn.role, text: cutToSize(turn.text, left) } : turn);
    left -= size;
    if (left <= 0) break;
  }
  return kept;
}

function sizeOf({ text, images = [], steps = [] }: Turn): number {
  const calls = steps.flatMap((step) => (AIMessage.isInstance(step) ? (step.tool_calls ?? []) : []));
  const seen = images.length * limits.imageTokens;
  return seen + contextSize(text) + (calls.length === 0 ? 0 : contextSize(JSON.stringify(calls)));
}

function merged(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const before = result.at(-1);
    if (before?.role === turn.role && !before.steps && !turn.steps)
      result.splice(-1, 1, {
        ...turn,
        text: [before.text, turn.text].filter((text) => text !== '').join('\n\n'),
        images: [...imagesOf(before), ...imagesOf(turn)],
      });
    else result.push(turn);
  }
  return result;
}
