import { SwitchboardError } from '../../../../shared/errors.ts';
import { limits } from '../../../../shared/limits.ts';
import { cleanText } from '../../../../shared/text.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import { aliveWhile } from '../../alive-while.ts';
import { bodyText, isText } from '../../tools/outbound/body-text.ts';
import type { Outbound, OutboundRequest } from '../../tools/outbound/outbound.ts';
import { RequestHeaders } from '../../tools/outbound/request-headers.ts';
import { toolError } from '../../tools/tool-output.ts';
import { NestedTooDeep, plainJson } from '../plain-json.ts';
import type { NodeContext, NodeExecutor, NodeOutputs } from '../node-executor.ts';
import { filledUrl } from './filled-url.ts';

type HttpNode = WorkflowNodeOf<'http'>;

/** Header by which a server knows a request that comes again, where the author says nothing else. */
const idempotencyHeader = 'idempotency-key';

/**
 * Asks a server of the public internet. Any answer is one, whatever its status.
 *
 * Errors: `TOOL_FAILED` when there is none in time, or the address may not be asked, or names another server than was
 * written; `WORKFLOW_INVALID` for headers that no request may have; `WORKFLOW_LIMIT` for an answer that is too long.
 */
export function createHttp(outbound: Outbound, aliveMs: number): NodeExecutor<'http'> {
  return async function* http(node, context) {
    const { id, method, timeoutMs = limits.toolMs } = node;
    const late = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([context.signal, late]);
    const request = { method, bytes: limits.workflowHttpBytes, signal, ...requestOf(node, context) };
    try {
      return { outputs: outputsOf(id, yield* aliveWhile(outbound(request), aliveMs)) };
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof SwitchboardError) throw error;
      const why = late.aborted ? `it took longer than ${timeoutMs} ms` : toolError(error);
      throw new SwitchboardError('TOOL_FAILED', `the request of node ${id} failed: ${why}`, { cause: error });
    }
  };
}

function requestOf(
  node: HttpNode,
  { values, idempotencyKey }: NodeContext,
): Pick<OutboundRequest, 'url' | 'headers' | 'body'> {
  const { id, method, headers = {}, body } = node;
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), values.text(value)] as const);
  const filled = body === undefined ? null : values.json(body);
  const isSafe = method === 'GET' || method === 'HEAD';
  const all = {
    ...(filled !== null && typeof filled !== 'string' && { 'content-type': 'application/json' }),
    ...(!isSafe && { [idempotencyHeader]: idempotencyKey }),
    ...Object.fromEntries(own),
  };
  const checked = RequestHeaders.safeParse(all);
  if (!checked.success) throw badHeaders(id, checked.error.issues[0]);
  return {
    url: filledUrl(node, values),
    headers: checked.data,
    body: filled === null || typeof filled === 'string' ? filled : JSON.stringify(filled),
  };
}

type Answer = Awaited<ReturnType<Outbound>>;

function outputsOf(id: string, { status, headers, bytes, isCut }: Answer): NodeOutputs {
  if (isCut) throw tooLong(id);
  const type = headers['content-type'] ?? '';
  if (!isText(type)) return { status, body: `[${bytes.length} bytes of ${type}]`, json: null };
  const body = cleanText(bodyText(bytes, type));
  return { status, body, json: jsonOf(id, body) };
}

function jsonOf(id: string, text: string): unknown {
  try {
    return plainJson(JSON.parse(text));
  } catch (error) {
    if (error instanceof NestedTooDeep) {
      throw new SwitchboardError(
        'WORKFLOW_LIMIT',
        `the JSON that node ${id} was answered cannot be used: ${error.message}`,
      );
    }
    return null;
  }
}

function tooLong(id: string): SwitchboardError {
  const message = `what node ${id} was answered is longer than ${limits.workflowHttpBytes} bytes`;
  return new SwitchboardError('WORKFLOW_LIMIT', `${message}; ask for less`);
}

function badHeaders(
  id: string,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
) {
  const where = ['headers', ...(issue?.path ?? [])].join('.');
  return new SwitchboardError('WORKFLOW_INVALID', `node ${id}, field ${where}: ${issue?.message}`);
}
