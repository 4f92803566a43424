import { codeOf } from '../index.ts';
import type { Ending } from '../../shared/run.ts';

/** How a command ends, as its exit code. */
export const exitCodes = {
  completed: 0,
  failed: 1,
  noServer: 2,
  stopped: 3,
  interrupted: 4,
  refused: 5,
  /** Left by a second Ctrl-C, as shells have it: 128 + SIGINT. */
  left: 130,
} as const satisfies Record<Ending | 'noServer' | 'refused' | 'left', number>;

export const exitCodeHelp = `
Exit codes:
  0  the answer is complete
  1  the answer failed; the reason is on stderr
  2  no server was reached: within 2 seconds at the start, or for a minute later on
  3  the answer was stopped (Ctrl-C, or from somewhere else)
  4  the answer was interrupted: the server was stopped or crashed in the middle of it
  5  the input or the options were refused; the reason is on stderr
  130  left by a second Ctrl-C; the answer goes on without you`;

/** No server is there, or none any more. */
export class NoServer extends Error {}

/** What a person has to change before the command can work. */
export class Refused extends Error {}

/** What a command that threw tells, and the code it ends with. */
export function endingOf(error: unknown): { readonly code: number; readonly words: string } {
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof NoServer) return { code: exitCodes.noServer, words };
  const code = codeOf(error);
  return { code: exitCodes.refused, words: code === null ? words : `${code}: ${words}` };
}
