import type { RunError } from '../shared/message.ts';

/**
 * Why something failed, for the log. What a provider said stands in “ ” and may repeat what a person wrote; so may what a tool,
 * a program, a server or a person is told to have said, which stands at the end.
 */
export function reasonOf({ code, message }: RunError): string {
  const reason = message.replaceAll(/“[^”]*”?/g, '“…”');
  return code === 'TOOL_FAILED' ? reason.replace(/(\bfailed\b[^:]*|by a person|taken effect): .*/s, '$1: …') : reason;
}
