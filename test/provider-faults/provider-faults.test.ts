import { describe, expect, test } from 'vitest';
import { seeded } from '../helpers/seeded.ts';
import { connection } from './cases/connection.ts';
import { cut } from './cases/cut.ts';
import { encoding } from './cases/encoding.ts';
import { format } from './cases/format.ts';
import { late } from './cases/late.ts';
import { missingEnd } from './cases/missing-end.ts';
import { redirect } from './cases/redirect.ts';
import { size } from './cases/size.ts';
import { stall } from './cases/stall.ts';
import { status } from './cases/status.ts';
import { tools } from './cases/tools.ts';
import { wait } from './cases/wait.ts';
import { anthropic, openai } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import type { FaultClass } from './fault-case.ts';
import { runCase } from './run-case.ts';
import type { CaseResult } from './run-case.ts';

/** `PROVIDER_FAULT_SEED=7 PROVIDER_FAULT_ROUNDS=20` for other and more cases. */
const seed = Number(process.env['PROVIDER_FAULT_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['PROVIDER_FAULT_ROUNDS'] ?? 1);

/** Cases at the same time, so that the ones that only wait do so together. */
const atOnce = 16;

/** The cases of a class in which something was not as promised. */
async function failures(dialect: Dialect, make: FaultClass, together = atOnce): Promise<CaseResult[]> {
  const random = seeded(seed);
  const cases = Array.from({ length: rounds }, () => make(dialect, random)).flat();
  const results: CaseResult[] = [];
  const left = cases.values();
  const work = async (): Promise<void> => {
    for (const one of left) results.push(await runCase(dialect, one));
  };
  await Promise.all(Array.from({ length: together }, work));
  if (results.length === 0) throw new Error('expected cases, got none');
  return results.filter(({ problems }) => problems.length > 0);
}

/** Garbage of the floods, and one event of eight million characters in several shapes. Without limits it is gigabytes. */
const memoryBytes = 400 * 2 ** 20;

/** By how much the process was larger than before, at most; looked at every 20 ms. */
async function memoryDuring(work: () => Promise<void>): Promise<number> {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, used())), 20);
  await work().finally(() => clearInterval(timer));
  return most - before;
}

describe.each([openai, anthropic])(`$name, seed ${seed}`, (dialect) => {
  const timeout = 60_000 * rounds;
  test('[PRV-1] every status is told by its code', { timeout }, async () => {
    expect(await failures(dialect, status)).toEqual([]);
  });
  test('[PRV-2] a connection that fails is tried again, but not once the headers came', { timeout }, async () => {
    expect(await failures(dialect, connection)).toEqual([]);
  });
  test('[PRV-3] a stall ends at the limit', { timeout }, async () => {
    expect(await failures(dialect, stall)).toEqual([]);
  });
  test('[PRV-4] a stream that is cut keeps what came', { timeout }, async () => {
    expect(await failures(dialect, cut)).toEqual([]);
  });
  test('[PRV-5] what is malformed is a broken stream', { timeout }, async () => {
    expect(await failures(dialect, format)).toEqual([]);
  });
  test('[PRV-6] every encoding is read or refused', { timeout }, async () => {
    expect(await failures(dialect, encoding)).toEqual([]);
  });
  test('[PRV-7] what has no end is ended, and memory stays bounded', { timeout }, async () => {
    const grown = await memoryDuring(async () => expect(await failures(dialect, size, 1)).toEqual([]));
    expect(grown).toBeLessThan(memoryBytes);
  });
  test('[PRV-8] a tool that nobody offered is not called', { timeout }, async () => {
    expect(await failures(dialect, tools)).toEqual([]);
  });
  test('[PRV-9] without a reason nothing is complete', { timeout }, async () => {
    expect(await failures(dialect, missingEnd)).toEqual([]);
  });
  test('[PRV-10] after its finish an answer is complete', { timeout }, async () => {
    expect(await failures(dialect, late)).toEqual([]);
  });
  test('[PRV-11] no redirect is followed', { timeout }, async () => {
    expect(await failures(dialect, redirect)).toEqual([]);
  });
  test('[PRV-16] a wait that the provider asks for is kept, or told when it is too long', { timeout }, async () => {
    expect(await failures(dialect, wait)).toEqual([]);
  });
});
