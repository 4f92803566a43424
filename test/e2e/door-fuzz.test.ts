import { expect, test } from 'vitest';
import { runCampaign } from '../fuzz-door/campaign.ts';

test('[DOOR-11] four thousand attacks leave the process, a stream of somebody else and the log as they were', async () => {
  const seed = Math.floor(Math.random() * 1e6);
  const { answers, cases, longestPauseMs, problems } = await runCampaign({ cases: 4_000, seed });
  console.info(`seed ${seed}: ${JSON.stringify({ cases, answers, longestPauseMs: Math.round(longestPauseMs) })}`);
  expect(problems).toEqual([]);
  // It got in, and not only in: everything was tried.
  for (const answer of ['101', '400', '403', '404', 'INVALID_INPUT', 'NOT_FOUND', 'snapshot']) {
    expect([answer, answers[answer] ?? 0]).toEqual([answer, expect.toSatisfy((count: number) => count > 5)]);
  }
}, 120_000);
