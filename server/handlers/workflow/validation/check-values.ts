import { unreachable } from '../../../../shared/errors.ts';
import { variablesIn } from '../../../../shared/workflow-template.ts';
import type { Rule } from '../../../../shared/workflow-condition.ts';
import type { WorkflowNode, WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import { presetVariables } from '../../../../shared/workflow-values.ts';
import { elseBranch, expiredBranch } from '../../../../shared/workflow-ways.ts';
import { isOfType } from '../value-type.ts';
import { checkRequest } from './check-request.ts';
import type { PatternBudget } from './pattern-budget.ts';
import type { Problems } from './problems.ts';

const reserved = new Set(presetVariables.map((name) => name.split('.')[0]));

/** What one node says that its schema cannot tell right from wrong. */
export function checkValues(node: WorkflowNode, patterns: PatternBudget, problems: Problems): void {
  if (reserved.has(node.id))
    problems.field(node.id, 'id', `${node.id} stands for what is always known; call the node something else`);
  switch (node.type) {
    case 'start':
      return checkStart(node, problems);
    case 'input':
      return node.mode === 'form' ? checkForm(node, problems) : undefined;
    case 'output':
      return checkOutput(node, problems);
    case 'condition':
      checkDistinct(
        node.id,
        'cases',
        node.cases.map(({ id }) => id),
        [elseBranch],
        problems,
      );
      return node.cases.forEach(({ rules }, place) =>
        checkPatterns(node.id, `cases.${place}.rules`, rules, patterns, problems),
      );
    case 'code':
      return checkDistinct(
        node.id,
        'outputs',
        node.outputs.map(({ key }) => key),
        [],
        problems,
      );
    case 'loop':
      return checkLoop(node, patterns, problems);
    case 'http':
      return checkRequest(node, problems);
    case 'llm':
    case 'assistant':
    case 'tool':
    case 'subworkflow':
    case 'end':
      return undefined;
    default:
      return unreachable(node);
  }
}

function checkStart({ id, variables = [] }: WorkflowNodeOf<'start'>, problems: Problems): void {
  checkDistinct(
    id,
    'variables',
    variables.map(({ key }) => key),
    ['message', 'files'],
    problems,
  );
  variables.forEach((variable, place) => {
    if (variable.default === undefined || isOfType(variable.default, variable.type)) return;
    problems.field(
      id,
      `variables.${place}.default`,
      `expected a value of type ${variable.type}, got ${JSON.stringify(variable.default).slice(0, 40)}; change one of the two`,
    );
  });
}

function checkForm({ id, fields }: Extract<WorkflowNodeOf<'input'>, { mode: 'form' }>, problems: Problems): void {
  checkDistinct(
    id,
    'fields',
    fields.map(({ key }) => key),
    [],
    problems,
  );
  fields.forEach((field, place) => {
    if (field.type !== 'select' || new Set(field.options).size === field.options.length) return;
    problems.field(id, `fields.${place}.options`, 'expected each option once; remove the repeated ones');
  });
}

function checkOutput({ id, ask, expiresAfterMinutes }: WorkflowNodeOf<'output'>, problems: Problems): void {
  if (!ask && expiresAfterMinutes !== undefined)
    problems.field(id, 'expiresAfterMinutes', 'it asks nothing that could expire; add ask, or remove it');
  if (ask?.kind === 'choice')
    checkDistinct(
      id,
      'ask.options',
      ask.options.map((option) => option.id),
      [expiredBranch],
      problems,
    );
}

function checkLoop(node: WorkflowNodeOf<'loop'>, patterns: PatternBudget, problems: Problems): void {
  const { id, over, until } = node;
  if (over === undefined && !until) problems.field(id, 'over', 'it has neither a list nor an end; add over or until');
  if (over !== undefined && until)
    problems.field(id, 'until', 'it goes over a list and until something; remove over or until');
  checkPatterns(id, 'until.rules', until?.rules ?? [], patterns, problems);
}

function checkDistinct(
  nodeId: string,
  list: string,
  names: readonly string[],
  taken: readonly string[],
  problems: Problems,
): void {
  const seen = new Set(taken);
  names.forEach((name, place) => {
    if (seen.has(name)) problems.field(nodeId, `${list}.${place}`, `${name} is there already; give it another name`);
    seen.add(name);
  });
}

function checkPatterns(
  nodeId: string,
  list: string,
  rules: readonly Rule[],
  patterns: PatternBudget,
  problems: Problems,
): void {
  rules.forEach((rule, place) => {
    if (rule.operator !== 'matches' || typeof rule.right !== 'string' || variablesIn(rule.right).length > 0) return;
    const problem = patterns.problemOf(rule.right);
    if (problem)
      problems.field(nodeId, `${list}.${place}.right`, `it is no regular expression that can be used: ${problem}`);
  });
}
