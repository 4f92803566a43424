import type { ModelProfile } from '@langchain/core/language_models/profile';
import { limits } from '../../shared/limits.ts';

/** Tokens that models take in one request, the answer included: by `provider:model`, and `other` for those nobody knows. */
export type ContextTokens = Readonly<Record<string, number>>;

interface AskedModel {
  /** `provider:model`. */
  readonly id: string;
  /** What its library knows of it; null where the name says nothing, as at a compatible server. */
  readonly profile: ModelProfile | null;
  /** What the operator says. */
  readonly contextTokens: ContextTokens;
  /** Tokens that an answer may have; null where nobody has said. */
  readonly maxOutputTokens: number | null;
}

/** Tokens of an answer where neither assistant nor library say how many: four pages. */
const usualAnswer = 4_096;

/**
 * Tokens that a request to this model may have besides its answer.
 *
 * What the operator says of a model goes before what its library knows; of a model that neither knows it is `other`, or
 * `limits.contextTokens`. The libraries tell the whole window where the provider has one for both directions, so room
 * for the answer is left: as much as the assistant asks for, up to a half, else as much as the model can, up to a third.
 */
export function inputTokensOf({ id, profile, contextTokens, maxOutputTokens }: AskedModel): number {
  const known = positive(profile?.maxInputTokens) ?? contextTokens['other'] ?? limits.contextTokens;
  const window = (Object.hasOwn(contextTokens, id) ? contextTokens[id] : undefined) ?? known;
  const answer =
    maxOutputTokens === null
      ? Math.min(positive(profile?.maxOutputTokens) ?? usualAnswer, Math.floor(window / 3))
      : Math.min(maxOutputTokens, Math.floor(window / 2));
  return window - answer;
}

function positive(tokens: number | undefined): number | undefined {
  return tokens !== undefined && tokens > 0 ? tokens : undefined;
}
