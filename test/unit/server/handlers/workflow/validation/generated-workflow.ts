import fc from 'fast-check';
import type { Edge, WorkflowDefinition } from '../../../../../../shared/workflow.ts';
import type { StartVariable, WorkflowNode } from '../../../../../../shared/workflow-node.ts';

/** What a workflow is made of, before its nodes have ids; numbers choose among what is there. */
type Plan =
  | { kind: 'step'; type: number; uses: number }
  | { kind: 'branches'; type: number; uses: number; ways: Plan[][] }
  | { kind: 'parallel'; ways: Plan[][] }
  | { kind: 'loop'; isOver: boolean; uses: number; collects: boolean; body: Plan[] }
  | { kind: 'retry'; uses: number; body: Plan[] };

interface Exit {
  readonly from: string;
  readonly branch?: string;
}

interface Reached {
  readonly exits: readonly Exit[];
  readonly known: readonly string[];
}

const { seq } = fc.letrec<{ seq: Plan[]; block: Plan }>((tie) => ({
  seq: fc.array(tie('block'), { minLength: 1, maxLength: 4, depthIdentifier: 'plan' }),
  block: fc.oneof(
    { depthIdentifier: 'plan', maxDepth: 3 },
    fc.record({ kind: fc.constant('step'), type: fc.nat(5), uses: fc.nat() }),
    fc.record({
      kind: fc.constant('branches'),
      type: fc.nat(2),
      uses: fc.nat(),
      ways: fc.array(fc.oneof(fc.constant([]), tie('seq')), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('parallel'), ways: fc.array(tie('seq'), { minLength: 2, maxLength: 3 }) }),
    fc.record({
      kind: fc.constant('loop'),
      isOver: fc.boolean(),
      uses: fc.nat(),
      collects: fc.boolean(),
      body: tie('seq'),
    }),
    fc.record({ kind: fc.constant('retry'), uses: fc.nat(), body: tie('seq') }),
  ) as fc.Arbitrary<Plan>,
}));

/** Workflows that are right, of every type of node, with branches, parallel ways, loops and ways back in each other. */
export const workflows: fc.Arbitrary<WorkflowDefinition> = seq.map((plans) => new Builder().build(plans));

const id = '01930000-0000-7000-8000-000000000001';

/** Puts a plan together, and keeps account by its shape alone of what is known where. */
class Builder {
  readonly #nodes: WorkflowNode[] = [];
  readonly #edges: Edge[] = [];

  build(plans: readonly Plan[]): WorkflowDefinition {
    const variables: StartVariable[] = [
      { key: 'items', type: 'list', default: [1, 2] },
      { key: 'count', type: 'number' },
    ];
    this.#nodes.push({ id: 'start', title: 'Start', type: 'start', variables });
    const known = ['start.message', 'system.now'];
    const reached = this.#sequence(plans, { exits: [{ from: 'start' }], known });
    this.#enter({ id: 'end', title: 'End', type: 'end', output: `{{${reached.known.at(-1)}}}` }, reached.exits);
    return { nodes: this.#nodes, edges: this.#edges };
  }

  #sequence(plans: readonly Plan[], from: Reached): Reached {
    return plans.reduce((reached, plan) => this.#block(plan, reached), from);
  }

  #block(plan: Plan, from: Reached): Reached {
    switch (plan.kind) {
      case 'step':
        return this.#step(plan.type, plan.uses, from);
      case 'branches':
        return this.#branches(plan.type, plan.uses, plan.ways, from);
      case 'parallel': {
        const ways = plan.ways.map((way) => this.#sequence(way, from));
        return { exits: ways.flatMap(({ exits }) => exits), known: [...new Set(ways.flatMap(({ known }) => known))] };
      }
      case 'loop':
        return this.#loop(plan, from);
      case 'retry':
        return this.#retry(plan.uses, plan.body, from);
      default:
        throw new Error('no such plan');
    }
  }

  #step(type: number, uses: number, { exits, known }: Reached): Reached {
    const name = this.#name('step');
    const variable = known[uses % known.length] ?? '';
    const base = { id: name, title: name };
    const text = `Of {{${variable}}} and {{ start.message }}`;
    const made: readonly [WorkflowNode, string[]][] = [
      [{ ...base, type: 'llm', model: null, system: '', prompt: text, stream: true }, ['output']],
      [{ ...base, type: 'output', text, ask: { kind: 'input' } }, ['answer']],
      [{ ...base, type: 'input', mode: 'dialog', prompt: text }, ['text']],
      [{ ...base, type: 'http', method: 'GET', url: `http://x/{{${variable}}}` }, ['status', 'body', 'json.field']],
      [
        {
          ...base,
          type: 'code',
          code: '',
          inputs: { given: `{{${variable}}}` },
          outputs: [{ key: 'list', type: 'list' }],
        },
        ['list'],
      ],
      [{ ...base, type: 'assistant', assistantId: id as never, prompt: text, stream: false }, ['output']],
    ];
    const [node, keys] = made[type % made.length] ?? [];
    if (!node) throw new Error('no such step');
    this.#enter(node, exits);
    return { exits: [{ from: name }], known: [...known, ...(keys ?? []).map((key) => `${name}.${key}`)] };
  }

  #branches(type: number, uses: number, ways: readonly Plan[][], { exits, known }: Reached): Reached {
    const name = this.#name('fork');
    const ids = ways.map((_, place) => `way${place}`);
    const isChoice = type % 3 === 0;
    if (isChoice) {
      const options = ids.map((option) => ({ id: option, label: option }));
      const expires = uses % 2 === 0;
      const ask = { kind: 'choice', options } as const;
      this.#enter(
        { id: name, title: name, type: 'output', text: 'Well?', ask, ...(expires && { expiresAfterMinutes: 5 }) },
        exits,
      );
      if (expires) ids.push('expired');
    } else {
      const left = known[uses % known.length] ?? '';
      const rules = [{ left, operator: 'not_empty' } as const];
      this.#enter(
        { id: name, title: name, type: 'condition', cases: ids.map((way) => ({ id: way, match: 'all', rules })) },
        exits,
      );
      ids.push('else');
    }
    const inside = isChoice ? [...known, `${name}.choice`] : known;
    const reached = ids.map((branch, place) =>
      this.#sequence(ways[place] ?? [], { exits: [{ from: name, branch }], known: inside }),
    );
    return { exits: reached.flatMap((way) => way.exits), known: inside };
  }

  #loop({ isOver, uses, collects, body }: Extract<Plan, { kind: 'loop' }>, { exits, known }: Reached): Reached {
    const name = this.#name('loop');
    const until = {
      match: 'any',
      rules: [{ left: `${name}.index`, operator: 'greater', right: '{{start.count}}' }],
    } as const;
    const node: Extract<WorkflowNode, { type: 'loop' }> = {
      id: name,
      title: name,
      type: 'loop',
      ...(isOver ? { over: 'start.items' } : { until: { match: until.match, rules: [...until.rules] } }),
      maxIterations: 9,
    };
    const place = this.#nodes.length;
    this.#enter(node, exits);
    const inside = [...known, `${name}.index`, ...(isOver ? [`${name}.item`] : [])];
    const reached = this.#sequence(body, { exits: [{ from: name, branch: 'body' }], known: inside });
    for (const exit of reached.exits) this.#edge(exit, name);
    const last = reached.known[uses % reached.known.length];
    if (collects) this.#nodes[place] = { ...node, collect: { kept: `{{${last}}}` } };
    const after = isOver ? known : reached.known.filter((each) => each !== `${name}.index`);
    return { exits: [{ from: name, branch: 'done' }], known: collects ? [...after, `${name}.results`] : after };
  }

  /** A body, and a condition that leads back to its beginning. */
  #retry(uses: number, body: readonly Plan[], from: Reached): Reached {
    const first = this.#step(uses, uses, from);
    const begin = first.exits[0]?.from ?? '';
    const reached = this.#sequence(body, first);
    const name = this.#name('again');
    const left = reached.known[uses % reached.known.length] ?? '';
    const cases = [{ id: 'again', match: 'all', rules: [{ left, operator: 'empty' }] }] as const;
    this.#enter(
      { id: name, title: name, type: 'condition', cases: cases.map((each) => ({ ...each, rules: [...each.rules] })) },
      reached.exits,
    );
    this.#edge({ from: name, branch: 'again' }, begin);
    return { exits: [{ from: name, branch: 'else' }], known: reached.known };
  }

  #name(prefix: string): string {
    return `${prefix}${this.#nodes.length}`;
  }

  #enter(node: WorkflowNode, exits: readonly Exit[]): void {
    this.#nodes.push(node);
    for (const exit of exits) this.#edge(exit, node.id);
  }

  #edge({ from, branch }: Exit, to: string): void {
    this.#edges.push({ from, to, ...(branch === undefined ? {} : { branch }) });
  }
}
