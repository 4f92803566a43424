import type { ProviderChunk, ProviderRequest } from '../helpers/model-provider.ts';
import { echoTokens } from '../helpers/model-provider-echo.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { Dice } from './dice.ts';

/** What the provider does with one question; it follows from the question's text alone. */
interface Plan {
  readonly tokens: readonly string[];
  /** Milliseconds between two tokens. */
  readonly paceMs: number;
  /** `finish` is a good end, all others are the provider's own faults. */
  readonly ending: 'finish' | 'reset' | 'close' | 'refused';
}

/** A question that says itself how it is going to be answered. */
export function newQuestion(dice: Dice): string {
  return `question ${dice.between(0, 2 ** 31)}`;
}

function planOf(question: string): Plan {
  const dice = new Dice(Number(question.split(' ')[1] ?? 0));
  const isLong = dice.chance(0.1);
  const tokens = echoTokens(question, dice.between(1, 60)).map((token) => (isLong ? token.repeat(100) : token));
  const ending = dice.chance(0.8) ? 'finish' : dice.pick(['reset', 'close', 'refused'] as const);
  return { tokens, paceMs: dice.pick([0, 0, 1, 3, 8]), ending };
}

/** Everything that is said in answer to a question, if nobody stops it. */
export function toldAnswer(question: string): string {
  const { tokens, ending } = planOf(question);
  return ending === 'refused' ? '' : tokens.join('');
}

/** For `startModelProvider({ answer: tell })`. */
export function tell(request: ProviderRequest) {
  // After an answer without text two questions in a row are told as one message.
  const plan = planOf(/question \d+$/.exec(request.text)?.[0] ?? '');
  return plan.ending === 'refused'
    ? { status: 400, body: { error: { message: 'the script refuses this' } } }
    : chunks(plan, request.signal);
}

async function* chunks({ tokens, paceMs, ending }: Plan, signal: AbortSignal): AsyncIterable<ProviderChunk> {
  for (const token of tokens) {
    if (paceMs > 0) await delay(paceMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    yield token;
  }
  if (ending === 'reset' || ending === 'close') yield { end: ending };
}
