import { createServer } from 'node:http';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { listen } from './listen.ts';

/** One place in the call tree, as V8's profiler writes it. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** `samples` are ids of nodes, `timeDeltas` the microseconds that each of them stands for. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Records what another Node process does, for as long as it is asked to. */
export interface Profiler {
  start(): Promise<void>;
  stop(): Promise<CpuProfile>;
  readonly close: () => void;
}

/** A port that was free a moment ago, for a process that has to be told its inspector's port beforehand. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** The flags that open a process for `connectProfiler`, without a line about it on its stderr. */
export const inspectFlags = (port: number): string[] => [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'];

const microsPerSample = 200;

export async function connectProfiler(port: number): Promise<Profiler> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const url = targets[0]?.webSocketDebuggerUrl;
  if (url === undefined) throw new Error(`bench: no inspector target on port ${port}`);
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 30 });
  await once(socket, 'open');
  let id = 0;
  async function ask(method: string, params: object = {}): Promise<unknown> {
    id += 1;
    socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer];
      const answer = JSON.parse(data.toString()) as { id?: number; result?: unknown };
      if (answer.id === id) return answer.result;
    }
  }
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: microsPerSample });
  return {
    async start() {
      await ask('Profiler.start');
    },
    stop: async () => ((await ask('Profiler.stop')) as { profile: CpuProfile }).profile,
    close: () => socket.terminate(),
  };
}
