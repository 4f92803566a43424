import type { ToolPart } from '../../shared/message.ts';

/** A call of a tool on one line: its name, how it is, and how long it took. */
export function toolWords({ name, state, inputId, durationMs, error }: ToolPart): string {
  const how = state === 'running' && inputId !== undefined ? 'waits for permission' : state;
  const took = durationMs === undefined ? '' : `, ${duration(durationMs)}`;
  return `[${name}: ${how}${took}${error === undefined ? '' : `, ${error}`}]`;
}

function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
