import { startChild } from '../child.ts';
import type { DialectName } from '../dialects.ts';
import { startOurs } from './ours.ts';

export interface RunningServer {
  readonly pid: number;
  /** Of its WebSocket. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Everything that is measured; the names are what `--servers` takes. */
export const serverNames = ['bare', 'langchain', 'trpc', 'agent', 'ours'] as const;
export type ServerName = (typeof serverNames)[number];

interface ServerKind {
  readonly label: string;
  readonly dialect: DialectName;
  start(providerUrl: string, execArgv: readonly string[]): Promise<RunningServer>;
}

function control(file: string, label: string, dialect: DialectName): ServerKind {
  return {
    label,
    dialect,
    async start(providerUrl, execArgv) {
      const child = await startChild(new URL(file, import.meta.url), { OPENAI_BASE_URL: providerUrl }, [...execArgv]);
      return { pid: child.pid, url: child.address, stop: child.stop };
    },
  };
}

export const roster: Record<ServerName, ServerKind> = {
  bare: control('bare.ts', 'bare ws, parsed by hand', 'bare'),
  langchain: control('langchain.ts', 'bare ws, @langchain/openai', 'bare'),
  trpc: control('bare-trpc.ts', 'bare tRPC, parsed by hand', 'trpc'),
  agent: control('create-agent.ts', 'bare ws, createAgent messages', 'bare'),
  ours: { label: 'switchboard', dialect: 'switchboard', start: startOurs },
};
