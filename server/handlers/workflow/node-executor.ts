import type { InputAnswer } from '../../../db/store.ts';
import type { ChatId, RunId, UserId } from '../../../shared/ids.ts';
import type { Message, Part } from '../../../shared/message.ts';
import type { Rules } from '../../../shared/workflow-condition.ts';
import type { JsonTemplate, VariablePath } from '../../../shared/workflow-values.ts';
import type { WorkflowNodeOf, WorkflowNodeType } from '../../../shared/workflow-node.ts';
import type { HandlerEvent } from '../handler.ts';
import type { ModelCalls } from '../model-calls.ts';
import type { ToolLedger } from '../tool-ledger.ts';

/** What the variables that a node sees hold. Each is there: the workflow was validated before it ran. */
export interface NodeValues {
  /** The value of `node.key`, or of a field of it; a field that an object lacks is null. */
  get(path: VariablePath): unknown;
  /** The template as text: what is no text in it stands there as JSON. What a value itself contains is never filled in. */
  text(template: string): string;
  /** JSON with every text in it filled in; one that is exactly one variable becomes its value, of its type. */
  json(template: JsonTemplate): unknown;
  /** The same with further variables, such as the item of a list. */
  with(more: Readonly<Record<VariablePath, unknown>>): NodeValues;
}

/** Whether rules fit what the variables hold. */
export type RuleMatcher = (rules: Rules, values: NodeValues) => Promise<boolean>;

/** One node at work: what it is given. */
export interface NodeContext {
  readonly run: {
    readonly id: RunId;
    readonly chatId: ChatId;
    readonly userId: UserId;
    /** What the person wrote. */
    readonly text: string;
    /** Earlier messages of the chat, oldest first. */
    history(limit: number): Promise<Message[]>;
  };
  readonly values: NodeValues;
  /** Which time this node is at work in this run, from 1: loops come back to it. */
  readonly visit: number;
  /**
   * The same whenever this visit of the node is executed again after a crash, and for nothing else. For what a node does
   * outside: at least once, and with this whoever is asked can make it once. Of several things it makes several keys by
   * adding to it.
   */
  readonly idempotencyKey: string;
  /** The ways out of this node that lead somewhere; empty where it has but the one without a name. */
  readonly ways: ReadonlySet<string>;
  /**
   * Null when this visit is executed from its beginning. Otherwise it has asked, the answer is there (or has expired) and it goes
   * on: with the parts that it had shown, which it must not show again, and all answers to its questions, oldest first.
   */
  readonly resumed: { readonly parts: readonly Part[]; readonly answers: readonly InputAnswer[] } | null;
  /** What this node made the time before, when a way of its own body leads back to it; null when it is entered anew. */
  readonly before: NodeOutputs | null;
  /** What a start is given from outside, by key; null: the person's message is all there is. */
  readonly given: NodeOutputs | null;
  readonly calls: ModelCalls;
  readonly tools: ToolLedger;
  /** Aborted when the run ends otherwise, and when another node has failed. */
  readonly signal: AbortSignal;
}

export type NodeOutputs = Readonly<Record<string, unknown>>;

/** What a node has made when it has done its work. */
export interface NodeResult {
  /** By key, as the validation knows them; JSON. */
  readonly outputs: NodeOutputs;
  /** By which way it goes on, of `ways`; absent: the one without a name. */
  readonly way?: string;
}

/**
 * Does the work of one node, and yields what a handler may yield, in the same order and with the same meaning:
 *
 * - `text`, `reasoning`, `part`: shown in the chat, together, however many nodes work at once. What is not to be shown is
 *   not yielded; `alive` says that work goes on.
 * - `usage`: of this execution of the node so far; sums over nodes are the engine's.
 * - `ask`: the last one. The node is executed again when the answer is there, as `resumed` says; whatever else it needs from before
 *   goes into the question's `subject`. Of the ledger of tools and the parts the same is true as for a handler.
 * - `node.started` and `node.finished` are the engine's.
 *
 * It returns what it has made. To fail, throw a `SwitchboardError` with a code of runs.
 */
export type NodeExecutor<Type extends WorkflowNodeType = WorkflowNodeType> = (
  node: WorkflowNodeOf<Type>,
  context: NodeContext,
) => AsyncGenerator<HandlerEvent, NodeResult, void>;

/** How each type of node does its work. One that nobody executes does not compile. */
export type NodeExecutors = { readonly [Type in WorkflowNodeType]: NodeExecutor<Type> };
