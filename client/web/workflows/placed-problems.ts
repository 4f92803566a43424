import type { WorkflowProblem } from '../../../shared/workflow.ts';
import type { JsonMistake, ReadText } from './json-places.ts';

/** Something that is wrong with a definition, at its line in the text. */
export interface PlacedProblem {
  readonly line: number;
  /** The node that it is about; null where it is about none, or about the text as such. */
  readonly nodeId: string | null;
  readonly message: string;
}

export function placedMistake({ line, mistake }: JsonMistake): PlacedProblem {
  return { line, nodeId: null, message: `This is no JSON: ${mistake}` };
}

/** The problems at their lines, from top to bottom. */
export function placedProblems(problems: readonly WorkflowProblem[], read: ReadText): PlacedProblem[] {
  return problems
    .map((problem) => ({
      line: read.lineOf(pathOf(problem, read.value)),
      nodeId: problem.nodeId ?? null,
      message: wordsOf(problem),
    }))
    .toSorted((one, other) => one.line - other.line);
}

/** Where in the text: the field of an edge has its own path, that of a node begins at the node. */
function pathOf({ nodeId, field, message }: WorkflowProblem, definition: unknown): string {
  if (field !== undefined && /^(?:edges|nodes)\.\d/.test(field)) return field;
  if (nodeId === undefined) return /^(?:nodes|edges)(?:\.\w+)*(?=: )/.exec(message)?.[0] ?? field ?? '';
  const place = placeOfNode(nodeId, definition, field === 'id');
  if (place < 0) return 'nodes';
  return field === undefined ? `nodes.${place}.id` : `nodes.${place}.${field}`;
}

/** Of several with the same id the last one is the one too many. */
function placeOfNode(nodeId: string, definition: unknown, isLast: boolean): number {
  const { nodes } = (definition ?? {}) as { nodes?: unknown };
  if (!Array.isArray(nodes)) return -1;
  const isMeant = (node: unknown): boolean => (node as { id?: unknown } | null)?.id === nodeId;
  return isLast ? nodes.findLastIndex(isMeant) : nodes.findIndex(isMeant);
}

function wordsOf({ nodeId, field, message }: WorkflowProblem): string {
  const isEdge = field?.startsWith('edges.') === true;
  const at = isEdge ? undefined : [nodeId, field].filter((part) => part !== undefined).join('.');
  return at === undefined || at === '' ? message : `${at}: ${message}`;
}
