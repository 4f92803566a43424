import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** One process, apart from another that got its pid later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Only to be compared, and only on the same machine. Null where it cannot be found out. */
  readonly started: string | null;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, started: await startOf(process.pid) };
}

/** Whether that process still lives. In doubt it does. */
export async function isAlive({ pid, started }: ProcessIdentity): Promise<boolean> {
  if (!answersSignals(pid)) return false;
  const now = await startOf(pid);
  if (now === 'dead') return false;
  return now === null || started === null || now === started;
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When it started; `dead` for one that has ended and was not yet collected by its parent. */
async function startOf(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? startInProc(pid) : startFromPs(pid);
}

/** Field 22 of `/proc/<pid>/stat`, in ticks since the machine started; field 3 is the state. */
async function startInProc(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // Field 2 is the program's name in parentheses, and may hold spaces and parentheses itself.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? 'dead' : (fields[18] ?? null);
  } catch {
    return null;
  }
}

async function startFromPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 500 });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
