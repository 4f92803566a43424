import { textOf, Usage } from '../../shared/message.ts';
import { limits as usual } from '../../shared/limits.ts';
import { startRawProvider } from '../helpers/raw-provider.ts';
import { endOf, scriptedRun } from '../helpers/scripted-run.ts';
import { assistantHandler } from '../unit/server/handlers/handler-run.ts';
import type { Dialect } from './dialect.ts';
import { idleMs, patientIdleMs } from './fault-case.ts';
import type { FaultCase } from './fault-case.ts';
import { until } from '../faults/until.ts';

/** Past the limit that ends it, a run may take this much more. */
const slackMs = 1_000;

export interface CaseResult {
  readonly name: string;
  /** What was not as promised; empty when all was. */
  readonly problems: readonly string[];
  readonly tookMs: number;
  /** Bytes that the provider wrote. */
  readonly sent: number;
}

/** One run of the assistant against a provider with that fault, over real HTTP. */
export async function runCase(dialect: Dialect, fault: FaultCase): Promise<CaseResult> {
  const modelIdleMs = fault.code === 'MODEL_TIMEOUT' ? idleMs : patientIdleMs;
  const limits = { ...usual, modelIdleMs, runMs: 15_000, answerText: 20_000, ...fault.limits };
  await using provider = await startRawProvider((exchange) =>
    fault.answer({
      ...exchange,
      shown: (units) =>
        until(
          () => log.textLength >= units,
          () => 'the text before the fault did not come',
          5_000,
        ),
    }),
  );
  const origin = fault.origin?.(provider.port) ?? `http://127.0.0.1:${provider.port}`;
  const model = dialect.model(origin);
  const handler = assistantHandler({
    resolve: async () => ({ id: `${dialect.name}:double`, model, inputTokens: 10_000 }),
  });
  const { run, log, unexpected } = scriptedRun((started, options) => handler.run(started, options), limits);
  const begin = performance.now();
  const { status, error, parts, usage } = endOf(await run.execute());
  const tookMs = performance.now() - begin;

  const problems: string[] = [];
  const expect = (what: string, came: unknown, wanted: unknown): void => {
    if (came !== wanted) problems.push(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(came)}`);
  };
  const text = textOf({ parts });
  expect('status', status, fault.code === null ? 'completed' : 'failed');
  expect('code', error?.code ?? null, fault.code);
  if (typeof fault.text === 'string') expect('text', text, fault.text);
  else if (!fault.text.test(text)) problems.push(`text: expected ${String(fault.text)}, got ${text.slice(0, 200)}`);
  if (fault.message?.test(error?.message ?? '') === false) problems.push(`message: ${error?.message}`);
  if (fault.requests !== null) expect('requests', provider.requests.length, fault.requests ?? 1);
  if (usage && !Usage.safeParse(usage).success) problems.push(`usage: ${JSON.stringify(usage)}`);
  expect('unexpected errors', unexpected.map(String).join(), '');
  if (tookMs > limits.modelIdleMs + slackMs) problems.push(`it took ${Math.round(tookMs)} ms`);
  if (tookMs < (fault.notBeforeMs ?? 0)) problems.push(`it ended after ${Math.round(tookMs)} ms already`);
  await until(
    () => provider.busy() === 0,
    () => 'still open',
    1_000,
  ).catch(() => problems.push('the request is still open'));
  return { name: `${dialect.name}: ${fault.name}`, problems, tookMs, sent: provider.sent() };
}
