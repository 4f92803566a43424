import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process from the operating system, user and system, of all its threads, in microseconds.
 *
 * `schedstat` of each thread in `/proc/<pid>/task` counts nanoseconds; `/proc/<pid>/stat` counts the same time in ticks of 10 ms, which is
 * too coarse for a small row and right as a second opinion. A thread that ended takes its `schedstat` with it; Node's
 * threads live as long as the process.
 */
export interface CpuReading {
  readonly micros: number;
  /** From `/proc/<pid>/stat`. */
  readonly tickMicros: number;
  readonly at: number;
}

const tickMicros = 10_000;

function threadMicros(pid: number): number {
  const task = `/proc/${pid}/task`;
  const nanos = readdirSync(task).map((thread) =>
    Number(readFileSync(`${task}/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanos.reduce((sum, each) => sum + each, 0) / 1e3;
}

function statMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in brackets and may hold blanks; what follows it is utime 12th, stime 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMicros;
}

export function readCpu(pid: number): CpuReading {
  return { micros: threadMicros(pid), tickMicros: statMicros(pid), at: performance.now() * 1e3 };
}

export interface CpuUse {
  readonly micros: number;
  /** 1 is one core. */
  readonly share: number;
  /** Whether the two counters of the operating system tell the same. */
  readonly agreed: boolean;
}

export function cpuBetween(before: CpuReading, after: CpuReading): CpuUse {
  const micros = after.micros - before.micros;
  const apart = Math.abs(micros - (after.tickMicros - before.tickMicros));
  return { micros, share: micros / (after.at - before.at), agreed: apart <= 4 * tickMicros + micros * 0.03 };
}

/** Resident memory now, in MiB. */
export function residentMiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}
