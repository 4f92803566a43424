const methods = ['query', 'mutation', 'subscription', 'subscription.stop'];

/** What a frame is made of: a call that tRPC understands, or something else. */
export type CheckedCall =
  | { readonly kind: 'call'; readonly call: unknown }
  /** It has an id under which whoever sent it can be told what is wrong with it. */
  | { readonly kind: 'malformed'; readonly id: number | string; readonly message: string };

/**
 * Finds what tRPC would refuse together with everything else in the frame, and without saying whose call it was. What
 * has no id is left to it.
 */
export function checkCall(value: unknown): CheckedCall {
  if (!isRecord(value)) return { kind: 'call', call: value };
  const { id, jsonrpc, method, params } = value;
  if (typeof id !== 'number' && typeof id !== 'string') return { kind: 'call', call: value };
  const malformed = (field: string, expected: string, came: unknown): CheckedCall => ({
    kind: 'malformed',
    id,
    message: `${field}: expected ${expected}, got ${shown(came)}`,
  });
  if (jsonrpc !== undefined && jsonrpc !== '2.0') return malformed('jsonrpc', '"2.0" or nothing', jsonrpc);
  if (method === 'connectionParams') return { kind: 'call', call: value };
  if (typeof method !== 'string' || !methods.includes(method)) return malformed('method', methods.join(', '), method);
  if (method === 'subscription.stop') return { kind: 'call', call: value };
  if (!isRecord(params)) return malformed('params', 'an object with path and input', params);
  const { path, lastEventId } = params;
  if (typeof path !== 'string') return malformed('params.path', 'a name such as "chat.send"', path);
  // `null` means none, as it does in the input.
  if (lastEventId === null) delete params['lastEventId'];
  else if (lastEventId !== undefined && typeof lastEventId !== 'string')
    return malformed('params.lastEventId', 'a cursor', lastEventId);
  return { kind: 'call', call: value };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? 'something else' : JSON.stringify(value).slice(0, 100);
}
