import type { KnownType } from '../../../../shared/workflow-makes.ts';
import type { Rule, RuleOperator } from '../../../../shared/workflow-condition.ts';
import { onlyVariableOf, variablesIn } from '../../../../shared/workflow-template.ts';
import { pathsOf, templatesOf } from '../../../../shared/workflow-uses.ts';
import type { WorkflowNode } from '../../../../shared/workflow-node.ts';
import { numberOf } from '../condition/values.ts';
import type { Problems } from './problems.ts';
import type { Graph, GraphNode } from './graph.ts';
import { Variables } from './variables.ts';
import type { Walk } from './walk.ts';

/** What a node asks for, and where. */
interface Asked {
  readonly place: GraphNode;
  readonly node: WorkflowNode;
  readonly names: readonly { readonly field: string; readonly name: string }[];
}

/** Every variable is known where it is asked for, and is of a type that fits. */
export function checkVariables(graph: Graph, walk: Walk, problems: Problems): void {
  const asked = walk.order.flatMap((place) => (place.node ? [askedBy(place, place.node)] : []));
  const names = new Set(asked.flatMap((one) => one.names.map(({ name }) => name)));
  const variables = new Variables(graph, walk, names);
  for (const one of asked) checkNode(one, variables, problems);
}

function askedBy(place: GraphNode, node: WorkflowNode): Asked {
  const filled = templatesOf(node).flatMap(({ field, template }) =>
    [...new Set(variablesIn(template))].map((name) => ({ field, name })),
  );
  return { place, node, names: [...filled, ...pathsOf(node).map(({ field, path }) => ({ field, name: path }))] };
}

function checkNode({ place, node, names }: Asked, variables: Variables, problems: Problems): void {
  const { id } = place;
  const typeOf: TypeOf = (name, field) => {
    const found = variables.lookUp(name, { node: place, field });
    return 'type' in found ? found.type : 'any';
  };
  for (const { field, name } of names) {
    const found = variables.lookUp(name, { node: place, field });
    if ('problem' in found) problems.field(id, field, found.problem);
    else if (field === 'over' && !['list', 'files', 'any'].includes(found.type))
      problems.field(
        id,
        field,
        `expected a list, got ${name}, which is of type ${found.type}; name a variable that is one`,
      );
  }
  for (const { field, rule } of rulesOf(node)) checkRule(id, field, rule, typeOf, problems);
}

function rulesOf(node: WorkflowNode): { field: string; rule: Rule }[] {
  if (node.type === 'condition') return node.cases.flatMap(({ rules }, place) => named(`cases.${place}.rules`, rules));
  return node.type === 'loop' && node.until ? named('until.rules', node.until.rules) : [];
}

function named(list: string, rules: readonly Rule[]): { field: string; rule: Rule }[] {
  return rules.map((rule, place) => ({ field: `${list}.${place}`, rule }));
}

type TypeOf = (variable: string, field: string) => KnownType;

/** The types that an operator takes at its left, and at its right; undefined: any. */
const sides: Readonly<Record<RuleOperator, { left?: readonly KnownType[]; right?: readonly KnownType[] }>> = {
  equal: {},
  not_equal: {},
  empty: {},
  not_empty: {},
  contains: { left: ['text', 'list', 'files', 'object'] },
  not_contains: { left: ['text', 'list', 'files', 'object'] },
  starts_with: { left: ['text', 'list', 'files'] },
  ends_with: { left: ['text', 'list', 'files'] },
  greater: { left: ['number'], right: ['number'] },
  less: { left: ['number'], right: ['number'] },
  greater_or_equal: { left: ['number'], right: ['number'] },
  less_or_equal: { left: ['number'], right: ['number'] },
  matches: { left: ['text'], right: ['text'] },
};

function checkRule(nodeId: string, field: string, rule: Rule, typeOf: TypeOf, problems: Problems): void {
  const { left, right } = sides[rule.operator];
  const leftType = typeOf(rule.left, `${field}.left`);
  const refuse = (side: string, expected: readonly KnownType[], got: string) =>
    problems.field(
      nodeId,
      `${field}.${side}`,
      `${rule.operator} compares ${expected.join(' or ')}, got ${got}; ${fixFor(expected)}`,
    );
  if (left && leftType !== 'any' && !left.includes(leftType))
    refuse('left', left, `${rule.left}, which is of type ${leftType}`);
  if (!('right' in rule) || !right) return;
  const rightType = typeOfRight(rule, `${field}.right`, typeOf);
  if (rightType !== 'any' && !right.includes(rightType)) refuse('right', right, `a value of type ${rightType}`);
}

function fixFor(expected: readonly KnownType[]): string {
  return expected.includes('number')
    ? 'make it a number in a code node, or choose another operator'
    : 'choose another operator';
}

function typeOfRight(rule: Extract<Rule, { right: unknown }>, field: string, typeOf: TypeOf): KnownType {
  const { right } = rule;
  if (typeof right === 'number') return 'number';
  if (typeof right === 'boolean') return 'boolean';
  if (typeof right !== 'string') return Array.isArray(right) ? 'list' : 'object';
  const variable = onlyVariableOf(right);
  if (variable !== undefined) return typeOf(variable, field);
  return numberOf(right) === null ? 'text' : numeric(rule.operator);
}

/** A text of digits is a number where numbers are compared, and a text elsewhere. */
function numeric(operator: RuleOperator): KnownType {
  return sides[operator].right?.includes('number') === true ? 'number' : 'text';
}
