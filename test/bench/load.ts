import type { Heard } from './answer-check.ts';
import type { DialectName } from './dialects.ts';

/** What the load client is asked to do with one server. */
export interface Load {
  readonly url: string;
  readonly dialect: DialectName;
  readonly chats: number;
  readonly tokens: number;
  readonly perSecond: number;
  /** Over how many milliseconds the sends are spread; 0: all at once. */
  readonly spreadMs: number;
  /** Milliseconds after which what has come is taken as it is. */
  readonly limitMs: number;
}

export interface Outcome {
  readonly timedOut: boolean;
  readonly heard: readonly Heard[];
}
