import { codeOf } from '../index.ts';
import { exitCodes } from './exit-codes.ts';

/** No server is there, or none any more. */
export class NoServer extends Error {}

/** What a person has to change before the command can work. */
export class Refused extends Error {}

/** What a command that threw tells, and the code it ends with. */
export function endingOf(error: unknown): { readonly code: number; readonly words: string } {
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof NoServer) return { code: exitCodes.noServer, words };
  const code = codeOf(error);
  if (code === 'UNAUTHENTICATED') {
    return { code: exitCodes.refused, words: `${code}: ${words}; give yours with --token or SWITCHBOARD_TOKEN` };
  }
  return { code: exitCodes.refused, words: code === null ? words : `${code}: ${words}` };
}
