import type { BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import type {
  ContentBlockDelta,
  ChatModelStreamEvent,
  MessageFinishEvent,
} from '@langchain/core/language_models/event';
import type { BaseMessage } from '@langchain/core/messages';
import { SwitchboardError } from '../../shared/errors.ts';
import type { Usage } from '../../shared/message.ts';
import type { HandlerEvent } from './handler.ts';
import { HiddenMeter } from './hidden-meter.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import { noteCall } from './model-call.ts';
import type { ModelCall } from './model-call.ts';
import type { ModelCalls } from './model-calls.ts';
import { brokenOff, calledTool, modelError, refused } from './model-error.ts';
import { modelEvents } from './model-events.ts';
import { hiddenText } from './model-limits.ts';
import type { ResolvedModel } from './models.ts';
import { UsageMeter } from './usage-meter.ts';

const alive = { type: 'alive' } as const satisfies HandlerEvent;

/** What a model said in one step, once it has been streamed. */
export interface ModelStep {
  readonly text: string;
  /** Tools that it wants called before it goes on; empty: this was all it had to say. */
  readonly calls: readonly ModelCall[];
  /** Of this step and those before it. */
  readonly usage: Usage;
}

interface StepOptions {
  /** Offers tools to the model, in the provider's words; absent: it is offered none. */
  readonly tools?: BaseChatModelCallOptions;
  /** What the steps before it used. */
  readonly before?: Usage | null;
  /** Told of the call before it is made. */
  readonly calls?: ModelCalls;
}

/**
 * One answer of a model, or one step of it: `text` and `reasoning` as they come, never empty; `alive` for what has
 * nothing to show; `usage` along the way, for an answer that is stopped, and at the end.
 *
 * Returns when the model said that the answer is whole, that it reached its own limit of length, or that it wants tools
 * called which it was offered. Everything else is a `SwitchboardError`: a stream that ends without a finish reason, or
 * calls a tool where none was offered, is `MODEL_BROKEN_STREAM`, a filtered one `MODEL_REFUSED`, one with too much that
 * is never shown `ANSWER_TOO_LARGE`. When `signal` aborts it throws at once, and the request is aborted.
 */
export async function* streamAnswer(
  { id, model, endpoint = null }: ResolvedModel,
  messages: BaseMessage[],
  signal: AbortSignal,
  { tools, before = null, calls: book }: StepOptions = {},
): AsyncGenerator<HandlerEvent, ModelStep> {
  const meter = new UsageMeter(messages, before);
  await book?.begin({ model: id, inputTokens: meter.estimatedInput });
  const hidden = new HiddenMeter();
  const calls: ModelCall[] = [];
  let text = '';
  let finish: MessageFinishEvent | undefined;
  let began = false;
  try {
    for await (const event of modelEvents(model, messages, { ...tools, signal })) {
      if (event.event === 'message-finish') finish = event;
      began ||= event.event !== 'message-finish';
      if (callsTool(event, tools !== undefined)) throw calledTool(id);
      if (event.event === 'content-block-finish') noteCall(event.content, calls);
      const shown = shownOf(event);
      const isHidden = shown === null || shown === alive;
      if (isHidden && hidden.note(event) > hiddenText) throw tooMuchHidden(id);
      const usage = meter.note(event, shown);
      if (usage) yield { type: 'usage', usage };
      if (tools && shown?.type === 'text') text += shown.text;
      if (shown) yield shown;
    }
    checkFinish(finish, calls, id, began, endpoint);
  } catch (error) {
    signal.throwIfAborted();
    throw modelError(error, id, began, endpoint);
  }
  const usage = meter.usage();
  yield { type: 'usage', usage };
  return { text, calls, usage };
}

/** Null where there is nothing to pass on, not even that the model is alive: what follows at once says more. */
function shownOf(event: ChatModelStreamEvent): HandlerEvent | null {
  switch (event.event) {
    case 'content-block-delta':
      return shownOfDelta(event.delta);
    case 'content-block-start':
      return shownOfStart(event.content);
    case 'message-start':
    case 'provider':
    case 'usage':
      return alive;
    case 'error':
      throw Object.assign(new Error(event.message), { code: event.code });
    default:
      return null;
  }
}

function shownOfDelta(delta: ContentBlockDelta): HandlerEvent {
  if (delta.type === 'text-delta' && delta.text !== '') return { type: 'text', text: checkedText(delta.text) };
  if (delta.type === 'reasoning-delta' && delta.reasoning !== '')
    return { type: 'reasoning', text: checkedText(delta.reasoning) };
  return alive;
}

/** The libraries pass on whatever the provider put there. */
function checkedText(text: unknown): string {
  if (typeof text === 'string') return text;
  throw new TypeError(`expected text in an event of the provider, got ${typeof text}`);
}

/** Blocks mostly begin empty; what one begins with does not come again as a delta. */
function shownOfStart(block: Readonly<Record<string, unknown>>): HandlerEvent | null {
  const { text, reasoning } = block;
  if (typeof text === 'string' && text !== '') return { type: 'text', text };
  return typeof reasoning === 'string' && reasoning !== '' ? { type: 'reasoning', text: reasoning } : null;
}

/** The old way of OpenAI's protocol to call something is never offered. */
function callsTool(event: ChatModelStreamEvent, isOffered: boolean): boolean {
  if (event.event === 'provider') return event.name === 'function_call';
  return !isOffered && event.event === 'content-block-start' && event.content.type === 'tool_call_chunk';
}

function tooMuchHidden(id: string): SwitchboardError {
  const message = `${id} sent more than ${hiddenText} characters that are no part of its answer`;
  return new SwitchboardError('ANSWER_TOO_LARGE', `${message}; what came until then is kept`);
}

/** Words of servers for an answer that they gave up, which the libraries take for a natural end. */
const gaveUp = new Set([
  'error',
  'abort',
  'aborted',
  'cancelled',
  'timeout',
  'network_error',
  'insufficient_system_resource',
]);

/** A call of which the arguments may be cut is not one: `length` breaks it off. */
function checkFinish(
  finish: MessageFinishEvent | undefined,
  calls: readonly ModelCall[],
  id: string,
  began: boolean,
  endpoint: ModelEndpoint | null,
): void {
  const said = finish?.responseMetadata?.['finish_reason'];
  if (!finish?.reason || (typeof said === 'string' && gaveUp.has(said))) throw brokenOff(id, !began, endpoint);
  if (finish.reason === 'tool_use' && calls.length === 0) throw calledTool(id);
  if (finish.reason === 'length' && calls.length > 0) throw brokenOff(id);
  if (finish.reason === 'content_filter') throw refused(id);
}
