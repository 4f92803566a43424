import type { WorkflowDetails } from '../../shared/workflow.ts';
import { Asked } from './asked-chat.ts';
import type { RawClient } from './raw-client.ts';

interface NodeSample {
  readonly id: string;
  readonly type: string;
  readonly title?: string;
  readonly [field: string]: unknown;
}

/** An edge as `from > to` or `from > branch > to`. */
type EdgeSample = string;

/** A definition in few words; a node without a title is called like its id. */
export function definitionOf(nodes: readonly NodeSample[], edges: readonly EdgeSample[]) {
  return {
    nodes: nodes.map((node) => ({ title: node.id, ...node })),
    edges: edges.map((edge) => {
      const [from, ...rest] = edge.split(' > ');
      const to = rest.at(-1);
      return { from, to, ...(rest.length > 1 && { branch: rest[0] }) };
    }),
  };
}

export const llmNode = (id: string, prompt: string, fields: object = {}): NodeSample => ({
  id,
  type: 'llm',
  model: null,
  system: '',
  prompt,
  stream: true,
  ...fields,
});

/** Makes a workflow of the client's user, and begins a chat with it. */
export async function startOwn(
  client: RawClient,
  definition: object,
  text = 'go',
): Promise<{ readonly asked: Asked; readonly workflow: WorkflowDetails }> {
  const settings = { name: 'Own', description: '', definition };
  const workflow = await client.mutate<WorkflowDetails>('workflow.create', settings);
  return { workflow, asked: await Asked.start(client, text, { app: { kind: 'workflow', id: workflow.id } }) };
}
