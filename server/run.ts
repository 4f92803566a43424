import type { FinishedRun, StartedRun, Steering, SuspendedRun } from '../db/store.ts';
import { newlyAnswered } from '../shared/answered-parts.ts';
import { endedParts } from '../shared/ended-parts.ts';
import { addUsage } from '../shared/add-usage.ts';
import { SwitchboardError, unreachable } from '../shared/errors.ts';
import { unitsPerToken } from '../shared/estimate-tokens.ts';
import { NodeEvent } from '../shared/events.ts';
import type { RunId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';
import { filesOf, Part } from '../shared/message.ts';
import type { Message, Usage } from '../shared/message.ts';
import { cleanJson, cleanText } from '../shared/text.ts';
import type { ConversationMemory } from './handlers/conversation-memory.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from './handlers/handler.ts';
import type { ToolLedger } from './handlers/tool-ledger.ts';
import { RunCalls } from './run-calls.ts';
import type { NextCall, ReserveTokens } from './run-calls.ts';
import type { RunLog } from './run-log.ts';
import { questionOf } from './run-question.ts';
import type { AnswerSchemas } from './run-question.ts';
import { transition } from './run-state.ts';
import type { Halt, RunSignal, RunState } from './run-state.ts';
import { TextJoiner } from './text-joiner.ts';

export interface RunOptions {
  readonly started: StartedRun;
  readonly log: RunLog;
  readonly handler: ChatHandler;
  readonly limits: Pick<Limits, 'answerText' | 'runMs' | 'modelIdleMs'>;
  /** Messages before the one that is answered. */
  readonly history: (limit: number) => Promise<Message[]>;
  readonly memory: ConversationMemory;
  /** The bytes of a file of whoever's run it is. */
  readonly readFile: HandlerRun['readFile'];
  /** Everything that this answer has taken so far; what is new of it does not wait in the queue any more. */
  readonly takeSteering: () => Promise<readonly Steering[]>;
  readonly tools: ToolLedger;
  readonly nextCall: NextCall;
  /** Null: there is no budget. */
  readonly reserve: ReserveTokens | null;
  readonly schemas: AnswerSchemas;
  /** Told of errors that nobody foresaw, before they become `INTERNAL`. */
  readonly onUnexpected: (error: unknown, errorId: string) => void;
  readonly newErrorId: () => string;
}

/** What becomes of a run when its handler has worked: it has ended, or it waits for a person. */
export type RunOutcome = FinishedRun | SuspendedRun;

/**
 * One stretch of a run: its handler at work, its log filling, its limits kept.
 *
 * It ends by itself, by a limit or by `halt`; no socket has a say in it. It ends at once, whatever the handler does then.
 */
export class Run {
  readonly id: RunId;
  readonly started: StartedRun;
  readonly log: RunLog;
  readonly #options: RunOptions;
  readonly #abort = new AbortController();
  readonly #joiner: TextJoiner;
  #state: RunState = { phase: 'producing' };
  /** Resolves when what was taken for the answer stands in it, or could not be taken. */
  #taking: Promise<unknown> = Promise.resolve();
  readonly #calls: RunCalls;
  #model: string | undefined;

  constructor(options: RunOptions) {
    this.id = options.started.run.id;
    this.started = options.started;
    this.log = options.log;
    this.#options = options;
    this.#calls = new RunCalls(options.nextCall, options.reserve);
    this.#joiner = new TextJoiner((kind, text) => this.log.appendText(kind, text));
  }

  /** Works until the run has ended or asked, and says how. Call it once; it never rejects. */
  async execute(): Promise<RunOutcome> {
    const { limits } = this.#options;
    const total = setTimeout(
      () => this.#exceed('RUN_TIMEOUT', `the answer took longer than ${limits.runMs} ms`),
      limits.runMs,
    );
    const idle = setTimeout(
      () => this.#exceed('MODEL_TIMEOUT', `the model sent nothing for ${limits.modelIdleMs} ms`),
      limits.modelIdleMs,
    );
    const halted = new Promise<void>((resolve) => {
      this.#abort.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      await Promise.race([this.#produce(idle), halted]);
    } finally {
      clearTimeout(total);
      clearTimeout(idle);
    }
    // What has left the queue must stand in the answer.
    await this.#taking;
    await this.#calls.written;
    this.#joiner.flush();
    this.#tellAnswers();
    if (this.#state.phase !== 'asked') return this.#finished();
    return { ...this.#result(), status: 'waiting', question: this.#state.question, nodes: this.log.nodes() };
  }

  /** Ends the run from outside: the handler's work is aborted, what it produced is kept. Twice is once. */
  halt(halt: Halt): void {
    this.#signal({ type: 'halted', halt });
    this.#abort.abort();
  }

  /** An answer that was taken stands in the part that asked, also when the handler has not come to it. */
  #tellAnswers(): void {
    const answers = this.started.resumed?.answers ?? [];
    for (const part of newlyAnswered(this.log.parts(), answers)) this.log.setPart(part.inputId, part);
  }

  async #produce(idle: NodeJS.Timeout): Promise<void> {
    const { handler, history, memory, readFile, started, tools } = this.#options;
    const { id, chatId, app, appVersion = null, text } = started.run;
    const { attempt, instructions, userId } = started;
    const resumed = started.resumed && { parts: started.message.parts, answers: started.resumed.answers };
    const takeSteering = () => this.#takeSteering();
    const run = {
      id,
      chatId,
      app,
      appVersion,
      attempt,
      text,
      attachments: filesOf(started.userMessage),
      readFile,
      instructions,
      userId,
      history,
      memory,
      resumed,
      takeSteering,
      tools,
      calls: this.#calls,
    };
    try {
      for await (const event of handler.run(run, { signal: this.#abort.signal })) {
        if (this.#isOver()) return;
        idle.refresh();
        const more = event.type === 'usage' ? this.#calls.note(event.usage) : this.#take(event);
        if (more) await more.catch((error: unknown) => this.#refuse(error));
        // Whoever has asked is not asked for more.
        if (this.#isOver()) return;
      }
      this.#signal({ type: 'finished' });
    } catch (error) {
      this.#signal({ type: 'threw', error: this.#explain(error) });
    }
  }

  #isOver(): boolean {
    return this.#state.phase !== 'producing';
  }

  /** What is under way is broken off, as by any limit. */
  #refuse(error: unknown): void {
    this.halt({ kind: 'limit', error: this.#explain(error) });
  }

  #take(event: Exclude<HandlerEvent, { type: 'usage' }>): void {
    switch (event.type) {
      case 'text':
      case 'reasoning':
        return this.#takeText(event);
      case 'part':
        this.#joiner.flush();
        return this.log.setPart(event.key, Part.parse(cleanJson(event.value)));
      case 'node.started':
      case 'node.finished':
        return this.log.append(NodeEvent.parse(cleanJson({ ...event, runId: this.id })));
      case 'model':
        this.#model = event.model;
        return;
      case 'alive':
        return;
      case 'ask':
        return this.#ask(event.input);
      default:
        unreachable(event);
    }
  }

  #takeSteering(): Promise<readonly Steering[]> {
    if (this.#isOver()) return Promise.resolve([]);
    const taking = this.#taking.then(() => this.#addSteering());
    this.#taking = taking.catch(() => undefined);
    return taking;
  }

  async #addSteering(): Promise<readonly Steering[]> {
    const taken = await this.#options.takeSteering();
    const known = new Set(this.log.parts().map((part) => (part.type === 'steering' ? part.messageId : null)));
    const added = taken.filter(({ messageId }) => !known.has(messageId));
    if (added.length > 0) this.#joiner.flush();
    for (const steering of added) this.log.setPart(`steering ${steering.messageId}`, { type: 'steering', ...steering });
    return added;
  }

  #takeText({ type: kind, text, opens }: Extract<HandlerEvent, { type: 'text' | 'reasoning' }>): void {
    const { answerText } = this.#options.limits;
    if (opens) this.#openPart();
    const room = answerText - this.log.textLength;
    this.#joiner.push(kind, text.length <= room ? text : text.slice(0, room));
    if (text.length > room) this.#exceed('ANSWER_TOO_LARGE', `the answer is longer than ${answerText} characters`);
  }

  #openPart(): void {
    this.#joiner.flush();
    this.log.openPart();
  }

  /** What the handler still does has nothing to do with the run any more, as after a halt. */
  #ask(input: unknown): void {
    const { schemas, started } = this.#options;
    this.#signal({ type: 'asked', question: questionOf(input, started.resumed?.answers ?? [], schemas) });
    this.#abort.abort();
  }

  #exceed(code: 'RUN_TIMEOUT' | 'MODEL_TIMEOUT' | 'ANSWER_TOO_LARGE', message: string): void {
    this.halt({ kind: 'limit', error: new SwitchboardError(code, `${message}; what came until then is kept`) });
  }

  #signal(signal: RunSignal): void {
    this.#state = transition(this.#state, signal);
  }

  #explain(error: unknown): SwitchboardError {
    if (error instanceof SwitchboardError) return error;
    const errorId = this.#options.newErrorId();
    // After a halt the handler may throw whatever its libraries throw when they are aborted.
    if (this.#state.phase === 'producing') this.#options.onUnexpected(error, errorId);
    return new SwitchboardError('INTERNAL', `something went wrong here; the log has it under ${errorId}`);
  }

  #finished(): FinishedRun {
    const { status, error } =
      this.#state.phase === 'ended' ? this.#state : { status: 'completed' as const, error: undefined };
    const result = this.#result();
    const parts = endedParts(result.parts);
    return { ...result, parts, status, error: error && { code: error.code, message: cleanText(error.message) } };
  }

  #result(): Pick<FinishedRun, 'runId' | 'attempt' | 'parts' | 'usage' | 'model' | 'lastCall'> {
    const { run, attempt, resumed } = this.started;
    const told = this.#calls.usage;
    const usage = told && atLeastShown(told, this.log.textLength - this.log.textBefore);
    const last = this.#calls.last(usage);
    return {
      runId: run.id,
      attempt,
      parts: this.log.parts(),
      usage: sumOf(resumed?.usage ?? undefined, usage),
      model: this.#model ?? resumed?.model ?? undefined,
      lastCall: { ...last, model: last.model ?? this.#model },
    };
  }
}

function sumOf(before: Usage | undefined, usage: Usage | undefined): Usage | undefined {
  if (!before || !usage) return usage ?? before;
  return addUsage(before, usage);
}

/** An estimate that was told while the answer grew is behind when it is cut off; what was shown is known to the end. */
function atLeastShown(usage: Usage, units: number): Usage {
  if (usage.source === 'reported') return usage;
  return { ...usage, outputTokens: Math.max(usage.outputTokens, Math.ceil(units / unitsPerToken)) };
}
