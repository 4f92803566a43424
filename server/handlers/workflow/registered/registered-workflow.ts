import { createHash } from 'node:crypto';
import type { RunnableConfig } from '@langchain/core/runnables';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { AppId } from '../../../../shared/ids.ts';
import type { ChatId, RunId, UserId } from '../../../../shared/ids.ts';
import type { Message } from '../../../../shared/message.ts';

/** A message of a person, as a graph begins with it. */
export interface WorkflowMessage {
  readonly text: string;
  readonly runId: RunId;
  readonly chatId: ChatId;
  readonly userId: UserId;
  /** Earlier messages of the chat, oldest first, at most so many. */
  history(limit: number): Promise<Message[]>;
}

/** A graph of LangGraph that is at work; the part of it that is used here. */
export interface CompiledLangGraph {
  stream(input: unknown, config: RunnableConfig & { readonly streamMode: never }): Promise<AsyncIterable<unknown>>;
}

/** A `StateGraph` that is not compiled yet: it is compiled with the server's own checkpointer. */
interface LangGraph {
  compile(options: { readonly checkpointer: BaseCheckpointSaver }): CompiledLangGraph;
}

/**
 * A workflow as a program: a graph of LangGraph, of whatever nodes.
 *
 * What its models stream, the messages of an AI that its nodes add, and the texts that they give to `config.writer` are said in
 * the chat. `interrupt` asks the person who chats: with a text, or a `WorkflowQuestion`. LangGraph begins the node that
 * asked anew when the answer is there, so ask in a node of its own. `config.configurable` has `user_id` and `chat_id`.
 *
 * @example
 * ```ts
 * const graph = new StateGraph(MessagesAnnotation)
 *   .addNode('ask', () => {
 *     const place = interrupt<WorkflowQuestion, string>({ prompt: 'Where to?', options: ['Rome', 'Oslo'] });
 *     return { messages: [new AIMessage(`Off to ${place}!`)] };
 *   })
 *   .addEdge(START, 'ask');
 * await createServer({ workflows: { journey: { name: 'Journey', graph } } });
 * ```
 */
export interface RegisteredWorkflow {
  readonly name: string;
  readonly description?: string;
  readonly graph: LangGraph;
  /** What the graph begins with; where nothing is said, `{ messages: [what the person wrote] }`. */
  readonly input?: (message: WorkflowMessage) => unknown;
}

/** Letters, digits, `_` and `-`, a letter first. */
const key = /^[a-z][\w-]{0,63}$/i;

/** The id of the workflow that is registered under a name: the same at every start, on every server. */
export function registeredId(name: string): AppId {
  if (!key.test(name))
    throw new Error(`workflows: expected a name of letters, digits, "_" and "-", got ${JSON.stringify(name)}`);
  const hex = createHash('sha256').update(`switchboard workflow ${name}`).digest('hex');
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return AppId.parse(groups.join('-'));
}

/** Whether it is one of these, registered now or once: their ids are of version 8 of UUIDs, all others of version 7. */
export function isRegisteredId(id: AppId): boolean {
  return id[14] === '8';
}
