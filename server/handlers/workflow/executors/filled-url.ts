import { SwitchboardError } from '../../../../shared/errors.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import type { NodeValues } from '../node-executor.ts';

/** Scheme and host, with the port, of an address, or of the template of one. */
const begin = /^https?:\/\/([^/?#\\]*)/i;

const variable = /\{\{\s*[\w.]+\s*\}\}/;

/**
 * The address of a node, filled in. Whatever a value says, the server is the one that the author wrote, as far as they wrote
 * it: headers that are meant for it go to no other. `https://{{x.host}}/` leaves it to the value.
 *
 * Errors: `TOOL_FAILED` for a value that would name another server.
 */
export function filledUrl({ id, url }: Pick<WorkflowNodeOf<'http'>, 'id' | 'url'>, values: NodeValues): string {
  const filled = values.text(url);
  const written = begin.exec(url)?.[1] ?? '';
  const literals = written.split(variable);
  if (literals.length === 1 || isHeld(hostIn(filled), written, literals, values)) return filled;
  const message = `the request of node ${id} failed: what is filled into its address names another server`;
  throw new SwitchboardError('TOOL_FAILED', `${message}; only what stands behind ${written}/ may be any text`);
}

/** What a URL's parser takes for the host: it passes over line ends and tabs. */
function hostIn(filled: string): string {
  return begin.exec(filled.trim().replaceAll(/[\t\r\n]/g, ''))?.[1] ?? '';
}

function isHeld(host: string, written: string, literals: readonly string[], values: NodeValues): boolean {
  const [before = '', after = ''] = literals.slice(-2);
  // `{{x.region}}.example.com`: no value can end the host before what is written.
  if (after !== '') return host.endsWith(after);
  // `{{x.host}}`, `api.{{x.domain}}`, `example.com:{{x.port}}`: the end of it is the value's.
  if (before === '' || /[.:-]$/.test(before)) return true;
  // `api.example.com{{x.path}}`, `node{{x.number}}`: the value is no more of the host than the rest of one name.
  const whole = values.text(written.slice(0, written.lastIndexOf('{{')));
  return host === whole || (!whole.includes('.') && /^[\w-]+$/.test(host));
}
