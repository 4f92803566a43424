import type { BaseMessage } from '@langchain/core/messages';
import type { Usage } from '../../../../shared/message.ts';
import type { HandlerEvent } from '../../handler.ts';
import type { Interrupt } from './workflow-question.ts';

/** What a graph is asked to stream; `GraphEvents` takes it. */
export const streamMode = ['messages', 'custom', 'tasks'] as const;

/** Between the texts of two speakers, for whoever reads the answer in one piece. */
const blankLine = '\n\n';

/** One task of a graph as it begins, and as it ends. */
interface Task {
  readonly id: string;
  readonly name: string;
  readonly triggers?: readonly string[];
  readonly interrupts: readonly Interrupt[];
}

/** The usage of a piece of a message, as LangChain tells it. */
interface UsageMetadata {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** Makes events of what one stretch of a graph streams, and notes what it asks. */
export class GraphEvents {
  /** In the order in which they were asked. */
  readonly interrupts: Interrupt[] = [];
  readonly #begun = new Map<string, number>();
  readonly #now: () => number;
  #usage: Usage | null = null;
  #speaker: unknown;

  /**
   * @param hasSpoken whether earlier stretches have said something
   * @param now milliseconds, from any moment on; for durations
   */
  constructor(hasSpoken: boolean, now: () => number) {
    this.#speaker = hasSpoken ? null : undefined;
    this.#now = now;
  }

  /** @param piece one of the stream: the mode that it is of, and what it is */
  *take(piece: unknown): Generator<HandlerEvent> {
    const [mode, value] = piece as [(typeof streamMode)[number], unknown];
    if (mode === 'messages') yield* this.#message((value as readonly [BaseMessage])[0]);
    else if (mode === 'tasks') yield* this.#task(value as Task);
    else if (typeof value === 'string' && value !== '') yield this.#text(value, 'writer');
  }

  *#message(message: BaseMessage): Generator<HandlerEvent> {
    if (message.type !== 'ai') return;
    for (const block of message.contentBlocks) {
      if (block.type === 'text' && block.text !== '') yield this.#text(block.text, message.id);
      if (block.type === 'reasoning' && block.reasoning !== '') yield { type: 'reasoning', text: block.reasoning };
    }
    const used = (message as { usage_metadata?: UsageMetadata }).usage_metadata;
    if (used) yield { type: 'usage', usage: this.#add(used) };
    else yield { type: 'alive' };
  }

  /** Texts of two speakers do not run into each other. */
  #text(text: string, speaker: unknown): HandlerEvent {
    const opens = this.#speaker !== undefined && this.#speaker !== speaker;
    this.#speaker = speaker;
    return opens ? { type: 'text', text: blankLine + text, opens } : { type: 'text', text };
  }

  #add({ input_tokens, output_tokens }: UsageMetadata): Usage {
    this.#usage = {
      inputTokens: (this.#usage?.inputTokens ?? 0) + input_tokens,
      outputTokens: (this.#usage?.outputTokens ?? 0) + output_tokens,
      source: 'reported',
    };
    return this.#usage;
  }

  *#task({ id, name, triggers, interrupts }: Task): Generator<HandlerEvent> {
    const node = { nodeId: name, title: name };
    if (triggers) {
      this.#begun.set(id, this.#now());
      yield { type: 'node.started', ...node };
      return;
    }
    const durationMs = Math.max(0, this.#now() - (this.#begun.get(id) ?? this.#now()));
    this.interrupts.push(...interrupts);
    if (interrupts.length === 0) yield { type: 'node.finished', ...node, durationMs };
  }
}
