/** `provider:model`, split at the first colon only: names such as `llama3.2:3b` have their own. */
export function splitModelId(id: string): { readonly provider: string; readonly name: string } {
  const colon = id.indexOf(':');
  return { provider: id.slice(0, colon), name: id.slice(colon + 1) };
}
