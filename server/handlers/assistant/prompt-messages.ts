import { AIMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { textOf } from '../../../shared/message.ts';
import type { Message, Part } from '../../../shared/message.ts';
import { contextSize, cutToSize } from './context-size.ts';
import { partMessages } from './part-messages.ts';
import { turnsOf } from './steered-answer.ts';

export interface Conversation {
  /** What the model is told before everything else; may be empty. */
  readonly prompt: string;
  /** Of what came before `history`; empty where nothing did, or nobody knows. */
  readonly summary?: string;
  /** Earlier messages, oldest first. */
  readonly history: readonly Message[];
  /** What is to be answered. */
  readonly text: string;
  /** Tokens, estimated, that summary and history may take. */
  readonly historyTokens: number;
}

interface Turn {
  readonly role: Message['role'];
  readonly text: string;
  /** Of an answer for which tools were called: all of it, ending with text. */
  readonly steps?: readonly BaseMessage[];
}

/**
 * A conversation as every provider accepts it: the prompt, then turns that alternate, beginning and ending with the
 * person's. The newest of the history are kept whole as long as they fit; only when the very last does not, it is cut.
 */
export function promptMessages({ prompt, summary = '', history, text, historyTokens }: Conversation): BaseMessage[] {
  const before: Turn[] = summary === '' ? [] : [{ role: 'user', text: `${summaryMark}\n\n${summary}` }];
  const kept = newest(history.flatMap(toldTurns), historyTokens - contextSize(summary));
  const beginning = [...before, ...kept];
  const first = beginning.findIndex((turn) => turn.role === 'user');
  const turns = merged([...(first === -1 ? [] : beginning.slice(first)), { role: 'user', text }]);
  const system = prompt.trim() === '' ? [] : [new SystemMessage(prompt)];
  return [
    ...system,
    ...turns.flatMap(
      ({ role, text, steps }) => steps ?? (role === 'user' ? new HumanMessage(text) : new AIMessage(text)),
    ),
  ];
}

/** It stands where the person's turns do, because it is made of what people wrote: nothing of it is an instruction of ours. */
const summaryMark = '[What was said before, summed up]';

/** Tokens, estimated, that a message takes of a conversation, its calls of tools included. */
export function sizeOfMessage(message: Message): number {
  return toldTurns(message).reduce((sum, turn) => sum + sizeOf(turn), 0);
}

function toldTurns(message: Message): Turn[] {
  return turnsOf(message)
    .map(turnOf)
    .filter((turn) => turn.text !== '');
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

function turnOf(message: Message): Turn {
  return message.parts.some(({ type }) => type === 'tool') ? turnWithTools(message) : plainTurn(message);
}

/** Providers want an answer after each result of a tool. */
function turnWithTools({ role, parts, status }: Message): Turn {
  const mark = cutMarks[status] ?? (parts.at(-1)?.type === 'text' ? '' : noText);
  const marked: Part[] = mark === '' ? [...parts] : [...parts, { type: 'text', text: mark }];
  const steps = partMessages(marked);
  return { role, text: steps.map(({ text }) => text).join('\n'), steps };
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

function sizeOf({ text, steps = [] }: Turn): number {
  const calls = steps.flatMap((step) => (AIMessage.isInstance(step) ? (step.tool_calls ?? []) : []));
  return contextSize(text) + (calls.length === 0 ? 0 : contextSize(JSON.stringify(calls)));
}

function merged(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const before = result.at(-1);
    if (before?.role === turn.role && !before.steps && !turn.steps)
      result.splice(-1, 1, { ...turn, text: `${before.text}\n\n${turn.text}` });
    else result.push(turn);
  }
  return result;
}
