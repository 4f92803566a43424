import type { ErrorCode } from '../../../shared/errors.ts';
import type { Message, RunError } from '../../../shared/message.ts';

/** What a person is told about an answer that did not come, or not whole. */
export interface Explanation {
  readonly title: string;
  /** What to do about it; null where the title and the server's own words say everything. */
  readonly advice: string | null;
  /** A variable that goes with the advice, as it is written in a terminal. */
  readonly command?: string;
  /** Whether the same message may be answered next time. */
  readonly canAskAgain: boolean;
}

/** The one place where error codes become advice. The server's sentence, which has the names and numbers, is shown too. */
const explanations: Readonly<Record<ErrorCode, Explanation>> = {
  UNAUTHENTICATED: {
    title: 'The server does not know you',
    advice: 'Sign in again.',
    canAskAgain: false,
  },
  NOT_FOUND: {
    title: 'What this needs does not exist any more',
    advice: 'The assistant or the chat may have been removed. Begin a new chat.',
    canAskAgain: false,
  },
  INVALID_INPUT: { title: 'The server did not accept this', advice: null, canAskAgain: false },
  CONFLICT_BUSY: { title: 'An answer was being written', advice: 'Ask again when it has ended.', canAskAgain: true },
  CONFLICT_DUPLICATE: {
    title: 'This message was sent before with other words',
    advice: 'Write it again as a new message.',
    canAskAgain: false,
  },
  TOO_LARGE: { title: 'The message is too long', advice: 'Shorten it, or send it in parts.', canAskAgain: false },
  RATE_LIMITED: { title: 'Too many messages at once', advice: 'Wait a moment, then ask again.', canAskAgain: true },
  QUEUE_FULL: {
    title: 'Too many messages are waiting',
    advice: 'Wait for some answers, or withdraw messages that you no longer need.',
    canAskAgain: true,
  },
  APP_UNPUBLISHED: {
    title: 'This assistant is not available any more',
    advice: 'Begin a new chat with another one.',
    canAskAgain: false,
  },
  BUDGET_EXCEEDED: {
    title: 'The budget is used up',
    advice: 'Ask whoever runs this server to raise it.',
    canAskAgain: false,
  },
  UNAVAILABLE: {
    title: 'The server could not work on it',
    advice: 'It is restarting, or its database is away. Ask again in a moment.',
    canAskAgain: true,
  },
  INTERNAL: {
    title: 'Something went wrong on the server',
    advice: 'Its log has the details under the number above. Asking again may help.',
    canAskAgain: true,
  },
  RUN_TIMEOUT: {
    title: 'The answer took too long',
    advice: 'Ask again, or ask for something shorter.',
    canAskAgain: true,
  },
  MODEL_TIMEOUT: {
    title: 'The model went silent',
    advice: 'It may be busy, or still loading. Ask again in a moment.',
    canAskAgain: true,
  },
  MODEL_AUTH: {
    title: 'The provider refused the key',
    advice: 'Start the server again with a key that works, besides what you start it with already, then ask again.',
    command: 'OPENAI_API_KEY=…',
    canAskAgain: true,
  },
  MODEL_RATE_LIMITED: {
    title: 'The provider takes no more requests for now',
    advice: 'Wait a moment and ask again. If it stays like this, look at the plan and the billing of the account.',
    canAskAgain: true,
  },
  MODEL_REFUSED: {
    title: 'The model refused to answer',
    advice: 'Say it differently.',
    canAskAgain: false,
  },
  MODEL_UNAVAILABLE: {
    title: 'The model cannot be reached',
    advice: 'Is its server running, and is the address right? The address is OPENAI_BASE_URL where the server starts.',
    canAskAgain: true,
  },
  MODEL_BROKEN_STREAM: {
    title: 'The answer broke off',
    advice: 'What was written is kept. Ask again for a whole one.',
    canAskAgain: true,
  },
  MODEL_BAD_REQUEST: {
    title: 'The provider did not accept the request',
    advice:
      'Most often the name of the model is wrong. Start the server again with one that the provider has, besides what you start it with already, then ask again.',
    command: 'DEFAULT_MODEL=openai:NAME',
    canAskAgain: true,
  },
  CONTEXT_TOO_LONG: {
    title: 'The conversation is too long for this model',
    advice: 'Begin a new chat, or shorten the message.',
    canAskAgain: false,
  },
  ANSWER_TOO_LARGE: {
    title: 'The answer grew too long and was ended',
    advice: 'What was written is kept. Ask for the rest, or for something shorter.',
    canAskAgain: false,
  },
  TOOL_FAILED: { title: 'A tool failed', advice: 'See above which one and why.', canAskAgain: true },
  WORKFLOW_INVALID: {
    title: 'The workflow has a mistake',
    advice: 'Whoever made it has to correct it.',
    canAskAgain: false,
  },
  WORKFLOW_LIMIT: {
    title: 'The workflow took too many steps',
    advice: 'Whoever made it should look for a loop.',
    canAskAgain: false,
  },
  INPUT_EXPIRED: { title: 'The question was not answered in time', advice: null, canAskAgain: true },
};

const stopped: Explanation = { title: 'Stopped.', advice: null, canAskAgain: true };

const interrupted: Explanation = {
  title: 'The server stopped before the answer was complete',
  advice: 'What was written is kept. It is not asked for again by itself.',
  canAskAgain: true,
};

const failed: Explanation = { title: 'The answer failed', advice: null, canAskAgain: true };

/** Why an answer is not complete; null where it is, or is still being written. */
export function explainAnswer({
  status,
  error,
  model,
}: Pick<Message, 'status' | 'error' | 'model'>): Explanation | null {
  if (status === 'stopped') return stopped;
  if (status === 'interrupted') return interrupted;
  if (status !== 'failed') return null;
  return error ? explainError(error, model) : failed;
}

/** A server that is newer than this page may know further codes. */
export function explainError({ code, message }: RunError, model = ''): Explanation {
  const known = Object.hasOwn(explanations, code) ? explanations[code] : failed;
  if (code !== 'MODEL_AUTH') return known;
  const missing = missingVariable(message);
  if (missing !== null) return { ...noKey, command: `${missing}=…` };
  return model.startsWith('anthropic:') ? { ...known, command: 'ANTHROPIC_API_KEY=…' } : known;
}

const noKey: Explanation = {
  title: 'No key is set for this model',
  advice: 'Add this to what you start the server with, start it again, then ask again.',
  canAskAgain: true,
};

/**
 * The variable that a model needs and that is not set, by the server's sentence: an answer whose model could not be made
 * says nothing else of it.
 */
export function missingVariable(message: string): string | null {
  return /\bneeds ([A-Z][A-Z0-9_]*_API_KEY)\b/.exec(message)?.[1] ?? null;
}
