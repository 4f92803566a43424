import type { CheckpointStore } from '../../db/checkpoint-store.ts';
import type { InputAnswer } from '../../db/store.ts';
import type { HandlerEvent, HandlerRun, Resumed } from '../../server/handlers/handler.ts';
import { createWorkflowHandler } from '../../server/handlers/workflow/workflow-handler.ts';
import { visitName } from '../../server/handlers/workflow/step-work.ts';
import { RunLog } from '../../server/run-log.ts';
import type { AppId } from '../../shared/ids.ts';
import type { Part } from '../../shared/message.ts';
import { newId } from '../../shared/new-id.ts';
import type { Question } from '../../shared/run.ts';
import { EchoModel } from './echo-model.ts';
import { answers, doEveryNode, everyNode, innerWorkflow } from './every-node.ts';
import { memoryLedger } from './memory-ledger.ts';
import { plainMemory } from './plain-memory.ts';
import { memoryCheckpoints } from './memory-checkpoints.ts';
import { checkDefinition, workflowExecutors } from './workflows.ts';

/** Thrown wherever a process is that has died. */
class Dead extends Error {}

/** One process: it dies at its point number `diesAt`, and nothing that it does after that has any effect. */
class Process {
  points = 0;
  isDead = false;
  readonly #diesAt: number;
  readonly onDeath = new AbortController();

  constructor(diesAt: number) {
    this.#diesAt = diesAt;
  }

  /** Somewhere a process can die. */
  readonly point = async (): Promise<void> => {
    this.pass();
    await Promise.resolve();
  };

  pass(): void {
    if (!this.isDead && ++this.points === this.#diesAt) {
      this.isDead = true;
      this.onDeath.abort(new Dead());
    }
    if (this.isDead) throw new Dead();
  }
}

export interface StoryOfKills {
  readonly parts: readonly Part[];
  /** Points that the last process came by. */
  readonly points: number;
  /** How often the work of each visit was begun. */
  readonly begun: ReadonlyMap<string, number>;
  /** Visits whose work was begun although they had finished, by what was stored. */
  readonly repeated: readonly string[];
  /** The keys that each visit gave to what is outside. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly deaths: number;
}

/** Runs the workflow with every node to its end, over processes that die at these points; the last one lives. */
export async function runOverKills(kills: readonly number[]): Promise<StoryOfKills> {
  const story = new Story();
  for (const diesAt of [...kills, Number.POSITIVE_INFINITY]) {
    const process = new Process(diesAt);
    if (await story.live(process)) return story.told(process.points);
  }
  throw new Error('expected the last process to live to the end');
}

class Story {
  readonly #checkpoints = memoryCheckpoints();
  readonly #begun = new Map<string, number>();
  readonly #keys = new Map<string, Set<string>>();
  readonly #repeated: string[] = [];
  readonly #answers: InputAnswer[] = [];
  readonly #run = { id: newId<HandlerRun['id']>(), app: { kind: 'workflow', id: newId<AppId>() } } as const;
  #parts: readonly Part[] | null = null;
  #attempt = 0;
  #deaths = 0;

  told(points: number): StoryOfKills {
    return {
      parts: this.#parts ?? [],
      points,
      begun: this.#begun,
      repeated: this.#repeated,
      keys: this.#keys,
      deaths: this.#deaths,
    };
  }

  /** Whether the run came to its end in this process. */
  async live(process: Process): Promise<boolean> {
    try {
      while (await this.#stretch(process));
      return true;
    } catch (error) {
      if (!(error instanceof Dead) && !process.isDead) throw error;
      this.#deaths += 1;
      this.#parts = (await this.#handler(new Process(Number.POSITIVE_INFINITY)).recall(this.#run.id)).parts;
      return false;
    }
  }

  /** Whether the run goes on after it: it has asked, and was answered. */
  async #stretch(process: Process): Promise<boolean> {
    const resumed: Resumed | null = this.#parts && { parts: this.#parts, answers: [...this.#answers] };
    const log = new RunLog({ runId: this.#run.id, messageId: newId() }, () => {}, this.#parts ?? []);
    const events = this.#handler(process).run(this.#handlerRun(resumed), { signal: process.onDeath.signal });
    for await (const event of events) {
      process.pass();
      take(log, event);
      if (event.type !== 'ask') continue;
      await process.point();
      this.#parts = log.parts();
      this.#answer(event.input);
      return true;
    }
    this.#parts = log.parts();
    return false;
  }

  #answer({ id: inputId, kind, subject }: Question): void {
    this.#answers.push({ inputId, kind, subject, value: answers[kind], answeredBy: 'ann', expired: false });
  }

  #handlerRun(resumed: Resumed | null): HandlerRun {
    return {
      ...this.#run,
      chatId: this.#run.id as unknown as HandlerRun['chatId'],
      userId: 'ann' as HandlerRun['userId'],
      appVersion: 1,
      attempt: ++this.#attempt,
      text: 'hello',
      history: async () => [],
      attachments: [],
      instructions: null,
      readFile: async () => new Uint8Array(),
      memory: plainMemory(),
      takeSteering: async () => [],
      resumed,
      tools: memoryLedger(),
      calls: { begin: async () => {} },
    };
  }

  #handler(process: Process) {
    const model = new EchoModel(process.point);
    const executors = workflowExecutors(
      { resolve: async () => ({ id: 'own:echo', model, inputTokens: 16_000 }) },
      async (node, context) => {
        const key = context.idempotencyKey.replace(`${this.#run.id}:`, '');
        this.#keys.set(key, (this.#keys.get(key) ?? new Set()).add(context.idempotencyKey));
        await process.point();
        const made = await doEveryNode(node, context);
        await process.point();
        return made;
      },
    );
    const watched = Object.entries(executors).map(([type, execute]) => [type, this.#watched(execute as never)]);
    return createWorkflowHandler({
      load: async (id) => {
        const definition = checkDefinition('', id === this.#run.app.id ? everyNode : innerWorkflow);
        return { id, version: 1, definition, ownerId: null, status: 'published' };
      },
      executors: Object.fromEntries(watched) as typeof executors,
      checkpoints: mortal(this.#checkpoints, process),
      inspects: async () => false,
    });
  }

  /** Takes note of work that is begun, and of work that had been finished before. */
  #watched(execute: (...args: unknown[]) => AsyncGenerator<HandlerEvent>) {
    const note = (key: string, isNew: boolean) => this.#note(key.replace(`${this.#run.id}:`, ''), isNew);
    return async function* watched(node: { id: string }, context: { idempotencyKey: string; resumed: unknown }) {
      await note(context.idempotencyKey, context.resumed === null);
      return yield* execute(node, context);
    };
  }

  async #note(visit: string, isNew: boolean): Promise<void> {
    if (isNew) this.#begun.set(visit, (this.#begun.get(visit) ?? 0) + 1);
    if (await this.#hasFinished(visit)) this.#repeated.push(visit);
  }

  async #hasFinished(visit: string): Promise<boolean> {
    const stored = await this.#checkpoints.checkpoint({ threadId: this.#run.id, namespace: '' });
    const done = stored?.writes.filter(({ channel }) => channel === 'done').flatMap(({ value }) => JSON.parse(value));
    const plans =
      stored?.values.filter(({ channel }) => channel === 'plan').map(({ value }) => JSON.parse(value)) ?? [];
    const newest = plans.at(-1) as
      | { active: { id: string; visit: number }[]; visits: Record<string, number> }
      | undefined;
    if (!newest) return false;
    const active = newest.active.find((step) => visitName(step) === visit);
    if (active) return (done ?? []).some(({ id }: { id: string }) => id === active.id);
    const [id = '', number] = visit.split('#');
    return (newest.visits[id] ?? 0) >= Number(number);
  }
}

function mortal(checkpoints: CheckpointStore, process: Process): CheckpointStore {
  const guarded = Object.entries(checkpoints).map(
    ([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
      name,
      async (...args: never[]) => {
        await process.point();
        const result = await method(...args);
        await process.point();
        return result;
      },
    ],
  );
  return Object.fromEntries(guarded) as CheckpointStore;
}

function take(log: RunLog, event: HandlerEvent): void {
  if (event.type === 'part') log.setPart(event.key, event.value);
  if (event.type !== 'text' && event.type !== 'reasoning') return;
  if (event.opens) log.openPart();
  log.appendText(event.type, event.text);
}
