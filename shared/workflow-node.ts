import { z } from 'zod';
import { ModelId } from './assistant.ts';
import { AppId } from './ids.ts';
import { limits } from './limits.ts';
import { ToolName } from './tool.ts';
import { Case, Rules } from './workflow-condition.ts';
import { Ask, ExpiresAfterMinutes, FormFields } from './workflow-question.ts';
import { JsonTemplate, JsonTemplates, Name, Template, ValueType, VariablePath } from './workflow-values.ts';

const node = { id: Name, title: z.string().max(limits.title) };

/** A value that a run begins with: what its owner says for this run, else the default, else nothing of its type (''; 0; false; [], {}). */
export const StartVariable = z.strictObject({
  key: Name,
  label: z.string().max(limits.workflowLabel).optional(),
  type: ValueType,
  default: z.json().optional(),
});
export type StartVariable = z.infer<typeof StartVariable>;

/** Begins with what the person wrote: makes `message`, `files` and its variables. */
const StartNode = z.strictObject({
  ...node,
  type: z.literal('start'),
  /** Shown before the first message. */
  guideWord: z.string().max(limits.guideWord).optional(),
  /** Questions that a newcomer may start with. */
  guideQuestions: z.array(z.string().min(1).max(limits.guideQuestion)).max(limits.guideQuestions).optional(),
  variables: z.array(StartVariable).max(limits.workflowFields).optional(),
});

const input = { ...node, type: z.literal('input'), prompt: Template, expiresAfterMinutes: ExpiresAfterMinutes };

/** Asks a person and waits: for a text, as `text`, or for the fields of a form, each by its key. */
const InputNode = z.discriminatedUnion('mode', [
  z.strictObject({ ...input, mode: z.literal('dialog') }),
  z.strictObject({ ...input, mode: z.literal('form'), fields: FormFields }),
]);

/** Says a text in the chat. What it asks makes `answer`, or `choice`, whose options may be ways out. */
const OutputNode = z.strictObject({
  ...node,
  type: z.literal('output'),
  text: Template,
  ask: Ask.optional(),
  expiresAfterMinutes: ExpiresAfterMinutes,
});

/** Asks a model: makes `output`, a text, or the list of texts where it is asked `over` a list. */
const LlmNode = z.strictObject({
  ...node,
  type: z.literal('llm'),
  /** Null: the server's `DEFAULT_MODEL` at each run. */
  model: ModelId.nullable(),
  system: Template,
  prompt: Template,
  /** Whether the answer is shown as it comes, as a part of the message. */
  stream: z.boolean(),
  /** Absent: the provider's own. */
  temperature: z.number().min(0).max(2).optional(),
  /** Latest turns of the chat that the model is given; absent: none. */
  historyTurns: z.int().min(0).max(limits.historyMessages).optional(),
  /** Asks once for each item of this list; system and prompt see it as `{{id.item}}` and its place, from 0, as `{{id.index}}`. */
  over: VariablePath.optional(),
});

/** Asks a published assistant, or one's own, with all that it has: makes `output`. */
const AssistantNode = z.strictObject({
  ...node,
  type: z.literal('assistant'),
  assistantId: AppId,
  prompt: Template,
  /** Whether the answer is shown as it comes, as a part of the message. */
  stream: z.boolean(),
});

/** Calls a tool of the server by its name: makes `output`, whatever type that has. */
const ToolNode = z.strictObject({ ...node, type: z.literal('tool'), tool: ToolName, input: JsonTemplates });

/** Sends a request: makes `status`, `body` as text, and `json`, null where the body is none. */
const HttpNode = z.strictObject({
  ...node,
  type: z.literal('http'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: Template.min(1),
  headers: z.record(z.string().min(1).max(limits.workflowName), Template).optional(),
  /** A text is sent as it is, anything else as JSON. */
  body: JsonTemplate.optional(),
  /** Absent: `limits.toolMs`. */
  timeoutMs: z.int().min(1).max(limits.workflowHttpMs).optional(),
});

/** Goes on by the way out of the first case that fits, else by `else`. */
const ConditionNode = z.strictObject({
  ...node,
  type: z.literal('condition'),
  cases: z.array(Case).min(1).max(limits.workflowCases),
});

/** Runs JavaScript in a sandbox: `function main(inputs)` returns an object, of which each declared output is made. */
const CodeNode = z.strictObject({
  ...node,
  type: z.literal('code'),
  code: z.string().max(limits.workflowCode),
  inputs: JsonTemplates,
  outputs: z.array(z.strictObject({ key: Name, type: ValueType })).max(limits.workflowFields),
});

/**
 * Runs what is between its way out `body` and the edge back to it, again and again, then goes on by `done`. In the body it
 * makes `index`, from 0, and `item` where it is `over` a list; afterwards `results`, where it collects.
 */
const LoopNode = z.strictObject({
  ...node,
  type: z.literal('loop'),
  /** Either a list, with one round for each item … */
  over: VariablePath.optional(),
  /** … or rules, looked at after each round, the first of which always runs. */
  until: Rules.optional(),
  /** Rounds at most; what would need more fails with `WORKFLOW_LIMIT`. */
  maxIterations: z.int().min(1).max(limits.workflowIterations),
  /** Filled after each round, and gathered as a list. */
  collect: JsonTemplate.optional(),
});

/** Runs another workflow with a `message` and values for the variables of its start: makes `output`, what its end gives. */
const SubworkflowNode = z.strictObject({
  ...node,
  type: z.literal('subworkflow'),
  workflowId: AppId,
  input: JsonTemplates,
});

/** Ends the run. `output` is what the workflow gives to one that has run it. */
const EndNode = z.strictObject({ ...node, type: z.literal('end'), output: JsonTemplate.optional() });

export const WorkflowNode = z.discriminatedUnion('type', [
  StartNode,
  InputNode,
  OutputNode,
  LlmNode,
  AssistantNode,
  ToolNode,
  HttpNode,
  ConditionNode,
  CodeNode,
  LoopNode,
  SubworkflowNode,
  EndNode,
]);
export type WorkflowNode = z.infer<typeof WorkflowNode>;
export type WorkflowNodeType = WorkflowNode['type'];
/** The nodes of one type. */
export type WorkflowNodeOf<Type extends WorkflowNodeType> = Extract<WorkflowNode, { type: Type }>;
