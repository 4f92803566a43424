import { variablesIn } from '../../../../shared/workflow-template.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import { RequestHeaders } from '../../tools/outbound/request-headers.ts';
import type { Problems } from './problems.ts';

const protocols = new Set(['http:', 'https:']);

/** What a request says without variables, as it will be looked at when it is sent. */
export function checkRequest({ id, url, headers = {} }: WorkflowNodeOf<'http'>, problems: Problems): void {
  if (isFixed(url) && !protocols.has(URL.parse(url)?.protocol ?? ''))
    problems.field(
      id,
      'url',
      `expected an address with https or http, got ${JSON.stringify(url.slice(0, 60))}; correct it`,
    );
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const field = `headers.${name}`;
    const problem = problemOf(name, isFixed(value) ? value : '');
    if (problem !== undefined) problems.field(id, field, problem);
    else if (seen.has(name.toLowerCase())) problems.field(id, field, `${name} is there already; remove one of the two`);
    seen.add(name.toLowerCase());
  }
}

function isFixed(template: string): boolean {
  return variablesIn(template).length === 0;
}

function problemOf(name: string, value: string): string | undefined {
  const [issue] = RequestHeaders.safeParse({ [name]: value }).error?.issues ?? [];
  if (!issue) return undefined;
  const expected = issue.code === 'invalid_key' ? 'expected letters, digits and dashes as its name' : issue.message;
  return `${expected}; correct or remove it`;
}
