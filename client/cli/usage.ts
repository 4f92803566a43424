import { sumUsage } from '../../shared/sum-usage.ts';
import type { AccountUsage, DailyBudget, UsageTotal } from '../../shared/usage.ts';
import { exitCodes } from './exit-codes.ts';
import type { ServerOptions } from './session-options.ts';
import { inSession } from './session.ts';
import { alignedRows } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface UsageOptions extends ServerOptions {
  /** Until today, as UTC counts it. */
  readonly days: number;
  readonly json?: boolean;
}

/** `switchboard usage`: what one's model calls have used. Resolves to the exit code; never rejects. */
export async function usage(options: UsageOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async ({ client, screen }) => {
    const used = await client.api.account.usage.query({ days: options.days });
    if (options.json) await screen.line(JSON.stringify(used));
    else for (const line of usageLines(used)) await screen.line(line);
    return exitCodes.completed;
  });
}

/** A line for each day and model, their sum, and what is left of today where there is a budget. */
function usageLines({ from, to, days, budget }: AccountUsage): string[] {
  const rows = days.map(({ day, model, ...total }) => [day, model ?? 'unknown', ...cellsOf(total)]);
  const table = alignedRows([
    ['day', 'model', 'calls', 'input', 'output'],
    ...rows,
    ['all', '', ...cellsOf(sumUsage(days))],
  ]);
  const none = [`nothing was used from ${from} to ${to}`];
  return [...(days.length === 0 ? none : table), ...(budget ? [budgetLine(budget)] : [])];
}

/** An estimated total has `~` before its tokens. */
function cellsOf({ calls, inputTokens, outputTokens, source }: UsageTotal): string[] {
  const mark = source === 'estimated' ? '~' : '';
  return [String(calls), `${mark}${inputTokens}`, `${mark}${outputTokens}`];
}

function budgetLine({ day, tokens, spent, endsAt }: DailyBudget): string {
  return `${spent} of the ${tokens} tokens of ${day} are used or set aside; there are new ones at ${endsAt}`;
}
