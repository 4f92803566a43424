import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import type { Ask, ChoiceOption } from '../../../../shared/workflow-question.ts';
import { limits } from '../../../../shared/limits.ts';
import { unreachable } from '../../../../shared/errors.ts';
import { expiredBranch } from '../../../../shared/workflow-ways.ts';
import type { NodeExecutor, NodeResult } from '../node-executor.ts';
import { askPerson, takeAnswer } from './ask-person.ts';

/** Says a text, and asks for a text or a choice below it. */
export const output: NodeExecutor<'output'> = async function* output(node, context) {
  const last = context.resumed?.answers.at(-1);
  if (!last) {
    const text = context.values.text(node.text);
    if (text !== '') yield { type: 'text', text };
    const { ask, expiresAfterMinutes } = node;
    // What was said is what is asked: the prompt would say it twice.
    if (ask) yield* askPerson({ ...asked(ask), prompt: node.title, expiresAfterMinutes });
    return { outputs: {} };
  }
  const answer = yield* takeAnswer(last, context);
  if (answer.kind === 'expired') return { ...made(node, ''), way: expiredBranch };
  return chosen(made(node, String(answer.value)), context.ways);
};

function asked(ask: Ask) {
  switch (ask.kind) {
    case 'input':
      return { kind: 'text', schema: { type: 'string', minLength: 1, maxLength: limits.inputValue } } as const;
    case 'choice':
      return { kind: 'choice', schema: { oneOf: ask.options.map(optionOf) } } as const;
    default:
      return unreachable(ask);
  }
}

function optionOf({ id, label }: ChoiceOption) {
  return { const: id, title: label };
}

function made({ ask }: WorkflowNodeOf<'output'>, value: string): NodeResult {
  return { outputs: ask?.kind === 'choice' ? { choice: value } : { answer: value } };
}

/** An option may have a way of its own. */
function chosen({ outputs }: NodeResult, ways: ReadonlySet<string>): NodeResult {
  const way = outputs['choice'];
  return { outputs, ...(typeof way === 'string' && ways.has(way) && { way }) };
}
