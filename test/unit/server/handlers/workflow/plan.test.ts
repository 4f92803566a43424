import { describe, expect, test } from 'vitest';
import { firstPlan, nextPlan } from '../../../../../server/handlers/workflow/plan.ts';
import type { FinishedStep, Plan, PlanLimits } from '../../../../../server/handlers/workflow/plan.ts';
import { createProgram } from '../../../../../server/handlers/workflow/program.ts';
import { limits } from '../../../../../shared/limits.ts';
import { WorkflowDefinition } from '../../../../../shared/workflow.ts';
import { codeOf } from '../handler-run.ts';
import { definitionOf } from '../../../../helpers/own-workflow.ts';

const rule = { match: 'all', rules: [{ left: 'start.message', operator: 'empty' }] };
const say = (id: string) => ({ id, type: 'output', text: id });
const choose = (id: string) => ({ id, type: 'condition', cases: [{ id: 'yes', ...rule }] });
const loop = (id: string) => ({ id, type: 'loop', until: rule, maxIterations: 10 });

function programOf(between: readonly { id: string; type: string }[], edges: readonly string[]) {
  const nodes = [{ id: 'start', type: 'start' }, ...between, { id: 'end', type: 'end' }];
  const definition = WorkflowDefinition.parse(definitionOf(nodes, edges));
  return createProgram({ definition, inner: new Map(), isForeign: false });
}

const done = (id: string, way?: string, used: Partial<FinishedStep> = {}): FinishedStep => ({
  id,
  way,
  ms: 0,
  tokens: 0,
  bytes: 0,
  ...used,
});

/** Which steps are at work after each step of the story, where each goes by the way that is told. */
function walk(program: ReturnType<typeof programOf>, ways: Readonly<Record<string, string | readonly string[]>> = {}) {
  const turns = new Map<string, number>();
  const story: string[] = [];
  let plan: Plan = firstPlan(program);
  while (plan.active.length > 0) {
    story.push(plan.active.map(({ id, visit, again }) => `${id}${visit}${again ? '*' : ''}`).join('+'));
    const finished = plan.active.map(({ id }) => {
      const turn = turns.get(id) ?? 0;
      turns.set(id, turn + 1);
      const way = ways[id];
      return done(id, typeof way === 'string' ? way : way?.[turn]);
    });
    plan = nextPlan(program, plan, finished, limits);
  }
  return story;
}

describe('the plan of a run', () => {
  test('[WFE-2] a step that several ways lead to waits for all of them', () => {
    const program = programOf(
      [say('short'), say('long'), say('longer'), say('join')],
      ['start > short', 'start > long', 'long > longer', 'short > join', 'longer > join', 'join > end'],
    );
    expect(walk(program)).toEqual(['start1', 'short1+long1', 'longer1', 'join1', 'end1']);
  });

  test('[WFE-3] a way that was not taken holds up nobody, however far it would have led', () => {
    const program = programOf(
      [choose('if'), say('yes'), say('no'), say('late'), say('other'), say('join')],
      [
        'start > if',
        'start > other',
        'if > yes > yes',
        'if > else > no',
        'no > late',
        'yes > join',
        'late > join',
        'other > join',
        'join > end',
      ],
    );
    expect(walk(program, { if: 'yes' })).toEqual(['start1', 'if1+other1', 'yes1', 'join1', 'end1']);
    expect(walk(program, { if: 'else' })).toEqual(['start1', 'if1+other1', 'no1', 'late1', 'join1', 'end1']);
  });

  test('[WFE-4] a loop goes round by its body, begins anew when it is entered again, and is left from inside too', () => {
    const program = programOf(
      [loop('outer'), loop('inner'), say('work'), choose('enough'), say('after')],
      [
        'start > outer',
        'outer > body > inner',
        'inner > body > work',
        'work > inner',
        'inner > done > enough',
        'enough > yes > after',
        'enough > else > outer',
        'outer > done > after',
        'after > end',
      ],
    );
    const rounds = { outer: ['body', 'body', 'done'], inner: ['body', 'done', 'done'], enough: 'else' };
    expect(walk(program, rounds)).toEqual([
      'start1',
      'outer1',
      'inner1',
      'work1',
      'inner2*',
      'enough1',
      'outer2*',
      'inner3',
      'enough2',
      'outer3*',
      'after1',
      'end1',
    ]);
    const left = { outer: 'body', inner: 'done', enough: 'yes' };
    expect(walk(program, left)).toEqual(['start1', 'outer1', 'inner1', 'enough1', 'after1', 'end1']);
  });

  test('[WFE-4] a body with branches is round when all of them are', () => {
    const program = programOf(
      [loop('each'), say('one'), say('two'), say('three')],
      [
        'start > each',
        'each > body > one',
        'each > body > two',
        'two > three',
        'one > each',
        'three > each',
        'each > done > end',
      ],
    );
    expect(walk(program, { each: ['body', 'done'] })).toEqual([
      'start1',
      'each1',
      'one1+two1',
      'three1',
      'each2*',
      'end1',
    ]);
  });

  test('[WFE-5] a run past one of its limits fails, and has passed it by one step at most', () => {
    const program = programOf(
      [loop('each'), say('work')],
      ['start > each', 'each > body > work', 'work > each', 'each > done > end'],
    );
    /** Steps after which the run fails, and with what. */
    const spend = (used: Partial<FinishedStep>, bounds: Partial<PlanLimits>): unknown => {
      let plan = firstPlan(program);
      for (let steps = 1; ; steps += 1) {
        const [{ id } = { id: '' }] = plan.active;
        const finished = done(id, id === 'each' ? 'body' : undefined, used);
        try {
          plan = nextPlan(program, plan, [finished], { ...limits, ...bounds });
        } catch (error) {
          return [steps, codeOf(error)];
        }
      }
    };
    const failed = (steps: number) => [steps, 'WORKFLOW_LIMIT'];
    expect(spend({}, { workflowSteps: 10 })).toEqual(failed(10));
    expect(spend({ ms: 3 }, { workflowMs: 10 })).toEqual(failed(4));
    expect(spend({ tokens: 4 }, { workflowTokens: 10 })).toEqual(failed(3));
    expect(spend({ bytes: 6 }, { workflowBytes: 10 })).toEqual(failed(2));
  });
});
