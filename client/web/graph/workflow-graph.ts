/** What of a workflow is told to everybody who may run it: which nodes there are, and how they follow each other. */
export interface WorkflowGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly type: string;
}

interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The way out that it is, where its node has several. */
  readonly branch?: string | undefined;
}

/** The graph of something that is meant to be a definition; what is no node, and no edge between two, is left out. */
export function graphOf(definition: unknown): WorkflowGraph {
  const { nodes, edges } = isObject(definition) ? definition : {};
  const known = new Map(
    listOf(nodes)
      .flatMap((node) => nodeOf(node))
      .map((node) => [node.id, node]),
  );
  return {
    nodes: [...known.values()],
    edges: listOf(edges)
      .flatMap((edge) => edgeOf(edge))
      .filter(({ from, to }) => known.has(from) && known.has(to)),
  };
}

function nodeOf(node: unknown): GraphNode[] {
  if (!isObject(node) || typeof node['id'] !== 'string') return [];
  const { id, title, type } = node;
  return [
    { id, title: typeof title === 'string' && title !== '' ? title : id, type: typeof type === 'string' ? type : '' },
  ];
}

function edgeOf(edge: unknown): GraphEdge[] {
  if (!isObject(edge)) return [];
  const { from, to, branch } = edge;
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  return [{ from, to, ...(typeof branch === 'string' && { branch }) }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
