import type { Edge, WorkflowDefinition } from '../../../../../../shared/workflow.ts';
import type { WorkflowNode } from '../../../../../../shared/workflow-node.ts';

/** A definition with one thing wrong, and what has to be told about it. */
interface Broken {
  readonly nodes: readonly unknown[];
  readonly edges: readonly unknown[];
  readonly nodeId?: string;
  readonly message: RegExp;
}

/** Breaks one thing, chosen by a number; null where there is nothing of the kind. */
type Mutation = (definition: WorkflowDefinition, choice: number) => Broken | null;

const pick = <Item>(items: readonly Item[], choice: number): Item | undefined => items[choice % items.length];
const ofType = <Type extends WorkflowNode['type']>(nodes: readonly WorkflowNode[], type: Type) =>
  nodes.filter((node): node is Extract<WorkflowNode, { type: Type }> => node.type === type);
const replaced = (nodes: readonly WorkflowNode[], old: WorkflowNode, fields: object) =>
  nodes.map((node) => (node === old ? { ...node, ...fields } : node));
const without = (edges: readonly Edge[], gone: (edge: Edge) => boolean) => edges.filter((edge) => !gone(edge));

/** A model that is told something else. */
function withPrompt({ nodes, edges }: WorkflowDefinition, choice: number, prompt: (id: string) => string) {
  const node = pick(ofType(nodes, 'llm'), choice);
  return node ? { nodes: replaced(nodes, node, { prompt: prompt(node.id) }), edges, nodeId: node.id } : null;
}

export const mutations: Readonly<Record<string, Mutation>> = {
  'no start': ({ nodes, edges }) => ({
    nodes: nodes.filter(({ type }) => type !== 'start'),
    edges: without(edges, ({ from }) => from === 'start'),
    message: /no node of type start; add one/,
  }),
  'no end': ({ nodes, edges }) => ({
    nodes: nodes.filter(({ type }) => type !== 'end'),
    edges: without(edges, ({ to }) => to === 'end'),
    message: /no node of type end; add one/,
  }),
  'a second start': ({ nodes, edges }) => ({
    nodes: [...nodes, { id: 'begin', title: '', type: 'start' }],
    edges: [...edges, { from: 'begin', to: 'end' }],
    nodeId: 'begin',
    message: /second start, after start; remove one/,
  }),
  'an edge to nowhere': ({ nodes, edges }, choice) => {
    const edge = pick(edges, choice);
    return edge
      ? {
          nodes,
          edges: [...edges, { ...edge, to: 'void' }],
          nodeId: edge.from,
          message: /leads to void, which is no node/,
        }
      : null;
  },
  'an edge from nowhere': ({ nodes, edges }, choice) => {
    const edge = pick(edges, choice);
    return edge
      ? {
          nodes,
          edges: [...edges, { from: 'void', to: edge.to }],
          nodeId: edge.to,
          message: /begins at void, which is no node/,
        }
      : null;
  },
  'an edge to itself': ({ nodes, edges }, choice) => {
    const edge = pick(edges, choice);
    return edge
      ? { nodes, edges: [...edges, { ...edge, to: edge.from }], nodeId: edge.from, message: /leads to itself/ }
      : null;
  },
  'an edge twice': ({ nodes, edges }, choice) => {
    const edge = pick(edges, choice);
    return edge ? { nodes, edges: [...edges, edge], nodeId: edge.from, message: /there twice; remove one/ } : null;
  },
  'a way out that nothing takes': ({ nodes, edges }, choice) => {
    const edge = pick(
      edges.filter(({ branch }) => branch !== 'expired'),
      choice,
    );
    if (!edge) return null;
    const rest = without(edges, ({ from, branch }) => from === edge.from && branch === edge.branch);
    // A choice of which no option leads anywhere is a choice that does not split.
    const splits = rest.some(({ from, branch }) => from === edge.from && branch !== undefined && branch !== 'expired');
    const fix =
      edge.branch === undefined || (nodes.some(({ id, type }) => id === edge.from && type === 'output') && !splits);
    return {
      nodes,
      edges: rest,
      nodeId: edge.from,
      message: fix ? /leads nowhere; add an edge/ : /no edge for its way out .*; add one/,
    };
  },
  'a way out that is not there': ({ nodes, edges }, choice) => {
    const edge = pick(edges, choice);
    return edge
      ? {
          nodes,
          edges: [...edges, { ...edge, branch: 'sideways' }],
          nodeId: edge.from,
          message: /no way out sideways; (?:set its branch to one of|remove its branch)/,
        }
      : null;
  },
  'a node that nothing leads to': ({ nodes, edges }) => ({
    nodes: [...nodes, { id: 'island', title: '', type: 'output', text: 'x' }],
    edges: [...edges, { from: 'island', to: 'end' }],
    nodeId: 'island',
    message: /not reached from the start; add an edge/,
  }),
  'two nodes of one id': ({ nodes, edges }, choice) => {
    const node = pick(nodes, choice);
    return node
      ? { nodes: [...nodes, node], edges, nodeId: node.id, message: /id of several nodes; give each its own/ }
      : null;
  },
  'a variable of no node': (definition, choice) => {
    const broken = withPrompt(definition, choice, () => 'Hi {{nobody.output}}');
    return (
      broken && { ...broken, message: /\{\{nobody\.output\}\} is not known: there is no node nobody; known there are/ }
    );
  },
  'a variable of the node itself': (definition, choice) => {
    const broken = withPrompt(definition, choice, (id) => `{{${id}.output}}`);
    return broken && { ...broken, message: /is not known there: not every way to/ };
  },
  'a variable of a later node': ({ nodes, edges }, choice) => {
    const node = pick(ofType(nodes, 'llm'), choice);
    if (!node) return null;
    const last = { ...node, id: 'last', prompt: '' };
    return {
      nodes: [...replaced(nodes, node, { prompt: '{{last.output}}' }), last],
      edges: [
        ...edges.map((edge) => (edge.to === 'end' ? { ...edge, to: 'last' } : edge)),
        { from: 'last', to: 'end' },
      ],
      nodeId: node.id,
      message: /\{\{last\.output\}\} is not known there/,
    };
  },
  'a key that the node does not make': (definition, choice) => {
    const broken = withPrompt(definition, choice, () => '{{start.massage}}');
    return broken && { ...broken, message: /node start makes \{\{start\.message\}\}/ };
  },
  'a field of a text': (definition, choice) => {
    const broken = withPrompt(definition, choice, () => '{{start.message.length}}');
    return broken && { ...broken, message: /is of type text and has no fields/ };
  },
  'a field that every object has': (definition, choice) => {
    const broken = withPrompt(definition, choice, () => '{{system.now.__proto__}} {{start.items.constructor}}');
    return broken && { ...broken, message: /has no fields/ };
  },
  'no variable': (definition, choice) => {
    const broken = withPrompt(definition, choice, () => '{{message}}');
    return broken && { ...broken, message: /\{\{message\}\} is no variable; write \{\{node\.key\}\}/ };
  },
  'a list that is none': ({ nodes, edges }, choice) => {
    const node = pick(
      ofType(nodes, 'loop').filter(({ over }) => over !== undefined),
      choice,
    );
    return node
      ? {
          nodes: replaced(nodes, node, { over: 'start.message' }),
          edges,
          nodeId: node.id,
          message: /expected a list, got start\.message, which is of type text/,
        }
      : null;
  },
  'a loop without an end': ({ nodes, edges }, choice) => {
    const node = pick(ofType(nodes, 'loop'), choice);
    return node
      ? {
          nodes: replaced(nodes, node, { over: undefined, until: undefined }),
          edges,
          nodeId: node.id,
          message: /neither a list nor an end; add over or until|is not known/,
        }
      : null;
  },
  'a comparison of a text as a number': ({ nodes, edges }, choice) => {
    const node = pick(ofType(nodes, 'condition'), choice);
    const rules = [{ left: 'start.message', operator: 'greater', right: 3 }];
    return node
      ? {
          nodes: replaced(nodes, node, { cases: node.cases.map((each) => ({ ...each, rules })) }),
          edges,
          nodeId: node.id,
          message: /greater compares number, got start\.message, which is of type text/,
        }
      : null;
  },
  'a cycle without an exit': ({ nodes, edges }, choice) => {
    const edge = pick(edges, choice);
    if (!edge) return null;
    const turn = (id: string) => ({ id, title: '', type: 'output', text: 'x' });
    return {
      nodes: [...nodes, turn('round'), turn('about')],
      edges: [
        ...edges.map((other) => (other === edge ? { ...edge, to: 'round' } : other)),
        { from: 'round', to: 'about' },
        { from: 'about', to: 'round' },
        { from: 'about', to: edge.to },
      ],
      nodeId: 'round',
      message: /cycle of round, about never ends/,
    };
  },
  'a way into the body of a loop': ({ nodes, edges }, choice) => {
    const body = pick(
      edges.filter(({ branch }) => branch === 'body'),
      choice,
    );
    return body
      ? {
          nodes,
          edges: [...edges, { from: 'start', to: body.to }],
          nodeId: 'start',
          message: new RegExp(`leads into the body of loop ${body.from}; lead it to ${body.from}`),
        }
      : null;
  },
  'an unknown type': ({ nodes, edges }, choice) => {
    const node = pick(nodes, choice);
    return node ? { nodes: replaced(nodes, node, { type: 'poem' }), edges, nodeId: node.id, message: /type/i } : null;
  },
  'a field that nobody knows': ({ nodes, edges }, choice) => {
    const node = pick(nodes, choice);
    return node ? { nodes: replaced(nodes, node, { promt: 'x' }), edges, nodeId: node.id, message: /promt/ } : null;
  },
  'a field of another type': ({ nodes, edges }, choice) => {
    const node = pick(nodes, choice);
    return node
      ? {
          nodes: replaced(nodes, node, { title: 7 }),
          edges,
          nodeId: node.id,
          message: /expected string, received number/,
        }
      : null;
  },
};
