import { makes, makesInside } from '../../../../shared/workflow-makes.ts';
import type { KnownType } from '../../../../shared/workflow-makes.ts';
import { parseVariable } from '../../../../shared/workflow-template.ts';
import type { VariableName } from '../../../../shared/workflow-template.ts';
import { presetVariables } from '../../../../shared/workflow-values.ts';
import { finishedNodes } from './finished-nodes.ts';
import type { FinishedNodes } from './finished-nodes.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { Walk } from './walk.ts';

/** A variable as it is where somebody asks for it: its type, or why it is not known there. */
export type Lookup = { readonly type: KnownType } | { readonly problem: string };

/** Where a variable is asked for. */
export interface Place {
  readonly node: GraphNode;
  /** Where in the node: `over` is looked at before the first round, the rest of a loop after one. */
  readonly field: string;
}

const presets = new Set<string>(presetVariables);
/** Nodes that are looked at, and variables that are named, to tell somebody what could have been meant. */
const hints = { nodes: 100, variables: 8 };

/** What is known at each place of a workflow. */
export class Variables {
  readonly #graph: Graph;
  readonly #walk: Walk;
  readonly #finished: FinishedNodes;
  /** Everything that has finished, for whoever has asked for something else. */
  #all: FinishedNodes | undefined;
  readonly #ranks: ReadonlyMap<GraphNode, number>;
  /** What is told of a place to whoever asks there for something that is not known. */
  readonly #hints = new Map<GraphNode, string>();

  /** @param asked what stands between the braces anywhere */
  constructor(graph: Graph, walk: Walk, asked: Iterable<string>) {
    const makers = Array.from(asked, (text) => graph.byId.get(parseVariable(text)?.node ?? ''));
    this.#graph = graph;
    this.#walk = walk;
    this.#finished = finishedNodes(walk, new Set(makers.flatMap((maker) => maker ?? [])));
    this.#ranks = new Map(walk.order.map((node, rank) => [node, rank]));
  }

  /** @param text what stands between the braces */
  lookUp(text: string, place: Place): Lookup {
    const name = parseVariable(text);
    if (!name) return { problem: `{{${text}}} is no variable; write {{node.key}}, ${this.#known(place)}` };
    const found = this.#typeOf(name, text, place);
    if ('problem' in found || name.fields.length === 0) return found;
    if (!hasFields(found.type, name)) return { problem: noFields(found.type, name) };
    const inherited = name.fields.find((field) => field in Object.prototype);
    return inherited
      ? { problem: `{{${text}}}: ${inherited} is a word of JavaScript; name a field of the value` }
      : { type: 'any' };
  }

  #typeOf({ node: id, key, fields }: VariableName, text: string, place: Place): Lookup {
    if (presets.has(`${id}.${key}`)) return { type: 'text' };
    const maker = this.#graph.byId.get(id);
    if (!maker) return { problem: `{{${text}}} is not known: there is no node ${id}; ${this.#known(place)}` };
    // What is wrong with that node was told.
    if (!maker.node) return { type: 'any' };
    const inside = makesInside(maker.node).get(key);
    if (inside && this.#isInside(maker, place)) return { type: inside };
    const type = makes(maker.node).get(key);
    if (type && this.#isFinished(maker, place)) return { type };
    if (type)
      return {
        problem: `{{${text}}} is not known there: not every way to ${place.node.id} goes through ${id}; ${this.#known(place)}`,
      };
    if (inside) return { problem: `{{${text}}} is known inside of ${id} alone; ${this.#known(place)}` };
    const keys = [...makes(maker.node).keys()].map((each) => [id, each, ...fields].join('.'));
    const made = keys.length === 0 ? 'nothing' : keys.slice(0, hints.variables).map(braced).join(', ');
    return { problem: `{{${text}}} is not known: node ${id} makes ${made}` };
  }

  #isInside(maker: GraphNode, { node, field }: Place): boolean {
    return maker === node ? field !== 'over' : this.#finished.inBody(node, maker);
  }

  #isFinished(maker: GraphNode, { node, field }: Place): boolean {
    if (this.#finished.before(node, maker)) return true;
    return node.node?.type === 'loop' && field !== 'over' && this.#finished.afterRound(node, maker);
  }

  /** What could have been meant: the nearest first. */
  #known({ node }: Place): string {
    const hint = this.#hints.get(node) ?? this.#hintAt(node);
    this.#hints.set(node, hint);
    return hint;
  }

  #hintAt(node: GraphNode): string {
    const rank = this.#ranks.get(node) ?? 0;
    const near = this.#walk.order.slice(Math.max(0, rank - hints.nodes), rank).toReversed();
    const all = (this.#all ??= finishedNodes(this.#walk, new Set(this.#walk.order)));
    const known = near.flatMap((other) =>
      other.node && all.before(node, other) ? [...makes(other.node).keys()].map((key) => `${other.id}.${key}`) : [],
    );
    const named = [...known, ...presets].slice(0, hints.variables);
    return `known there are ${named.map(braced).join(', ')}`;
  }
}

/** A list has its items by their places, from 0. */
function hasFields(type: KnownType, { fields: [first = ''] }: VariableName): boolean {
  if (isList(type)) return /^\d+$/.test(first);
  return type === 'object' || type === 'any';
}

function noFields(type: KnownType, { node, key, fields }: VariableName): string {
  const variable = `${node}.${key}`;
  const fix = isList(type)
    ? `write ${braced(`${variable}.0`)} for its first item`
    : `write it without ${fields.join('.')}`;
  return `${braced(variable)} is of type ${type} and has no fields${isList(type) ? ' by name' : ''}; ${fix}`;
}

function isList(type: KnownType): boolean {
  return type === 'list' || type === 'files';
}

function braced(name: string): string {
  return `{{${name}}}`;
}
