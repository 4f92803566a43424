import type { ToolLedger, ToolResult } from '../../server/handlers/tool-ledger.ts';

export interface MemoryLedger extends ToolLedger {
  /** What was written, in order: `intent calculator`, `started <id>`, `done <id>` … */
  readonly written: string[];
}

/** A ledger that keeps what is written for the test to look at. */
export function memoryLedger(): MemoryLedger {
  const written: string[] = [];
  const settled = ({ state, id }: ToolResult): string => `${state} ${id}`;
  return {
    written,
    intend: async (calls) => void written.push(...calls.map(({ name }) => `intent ${name}`)),
    start: async (calls) => void written.push(...calls.map(({ id }) => `started ${id}`)),
    settle: async (results) => void written.push(...results.map(settled)),
  };
}
