/** What was found about one thing. */
export interface Finding {
  /** What was looked at: a variable, or `node`, `database`, `port`, `model`, `page`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  /** What was found; never a secret. */
  readonly found: string;
  /** What to do about it; absent where nothing is to be done. */
  readonly fix?: string;
}

export function ok(check: string, found: string): Finding {
  return { check, state: 'ok', found };
}

export function warning(check: string, found: string, fix: string): Finding {
  return { check, state: 'warning', found, fix };
}

export function problem(check: string, found: string, fix: string): Finding {
  return { check, state: 'problem', found, fix };
}

/** A message of ours, which names the variable and ends with what to do after its last semicolon. */
export function problemOf(check: string, message: string): Finding {
  const cut = message.lastIndexOf('; ');
  if (cut === -1) return problem(check, message, 'see what it says');
  return problem(check, message.slice(0, cut), message.slice(cut + 2));
}

export function lineOf({ check, fix, found, state }: Finding): string {
  return `${state.padEnd(7)}  ${check}: ${found}${fix === undefined ? '' : ` → ${fix}`}`;
}

export function jsonOf(finding: Finding): string {
  return JSON.stringify(finding);
}
