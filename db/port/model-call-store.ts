import type { ChatId, ModelCallId, RunId, UserId } from '../../shared/ids.ts';
import type { UsageRange } from '../../shared/inputs.ts';
import type { Usage } from '../../shared/message.ts';
import type { AccountUsage, ChatUsage } from '../../shared/usage.ts';
import type { RunAttempt } from './run-attempt.ts';

/** What one call of a model used, as far as it is known. */
export interface CallUse {
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
}

/** `crashed`: its process has ended, and nobody knows how it would have. */
export type ModelCallStatus = 'open' | 'finished' | 'stopped' | 'failed' | 'crashed';

/** What a model is asked for: an answer, or what is made beside one. */
export type ModelCallPurpose = 'answer' | SideCallPurpose;
export type SideCallPurpose = 'title' | 'summary';

/** Tokens that a call needs, of the day on which it began. */
export interface TokensWanted {
  readonly runId: RunId;
  readonly purpose: ModelCallPurpose;
  /** Fewer are of no use. */
  readonly least: number;
  readonly most: number;
  /** What the user has for each day. */
  readonly budget: number;
}

/** A call that makes a title for a chat, of the answer of this run, or a summary for it. */
export interface SideCall {
  readonly id: ModelCallId;
  readonly purpose: SideCallPurpose;
  readonly chatId: ChatId;
  readonly runId: RunId;
  readonly model: string;
}

/** The ledger of model calls, and the budget that is kept on it. */
export interface ModelCallStore {
  /**
   * Takes note of a further model call of a run before it is made, and of what the one before it used. The first call of
   * each stretch is noted with its start, the last one's use with its end. Repeating it with the same `id` changes
   * nothing. Rejects when the run is not at work in this attempt.
   */
  nextModelCall(run: RunAttempt, call: { readonly id: ModelCallId; readonly ended: CallUse }): Promise<void>;
  openSideCall(userId: UserId, call: SideCall): Promise<void>;
  closeSideCall(id: ModelCallId, end: CallUse & { readonly status: ModelCallStatus }): Promise<void>;
  /** What the user's calls of today (UTC) have used, and what is set aside for those that are open. */
  spentTokens(userId: UserId): Promise<number>;
  /**
   * Sets tokens aside for the call of this run that is open, as many of them as are left; `granted` is 0 when that are
   * too few, or when it is open no more. Whatever comes at the same time, what a user's calls have used and set aside
   * never passes the budget by this.
   */
  reserveTokens(userId: UserId, wanted: TokensWanted): Promise<{ granted: number; spent: number }>;
  /** What the user's model calls used, by day and model. Errors: `INVALID_INPUT` for a range that is none, or too long. */
  accountUsage(userId: UserId, range: UsageRange): Promise<Omit<AccountUsage, 'budget'>>;
  /** Errors: `NOT_FOUND`. */
  chatUsage(userId: UserId, chatId: ChatId): Promise<ChatUsage>;
}
