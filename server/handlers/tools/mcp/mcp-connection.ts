import { loadMcpTools } from '@langchain/mcp-adapters';
import type { DynamicStructuredTool } from '@langchain/core/tools';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { McpServerSpec } from './mcp-config.ts';

/** Milliseconds for starting a server and being told its tools. Programs that are fetched first take their time. */
const connectMs = 30_000;

/** A server that has been reached. */
export interface McpConnection {
  readonly tools: ReadonlyMap<string, DynamicStructuredTool>;
  /** Ends its process, or its session. Twice is once. */
  close(): Promise<void>;
}

/**
 * Reaches a server and asks for its tools. Errors: those of the protocol and the network; nothing is left behind then.
 *
 * @param onClose called when the connection is lost, or closed
 */
export async function connectMcp(
  name: string,
  spec: McpServerSpec,
  { signal, onClose }: { readonly signal: AbortSignal; readonly onClose: () => void },
): Promise<McpConnection> {
  const client = new Client({ name: 'switchboard', version: '1' });
  const close = (): Promise<void> => client.close().catch(() => undefined);
  client.onclose = onClose;
  const within = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
  const giveUp = () => void close();
  within.addEventListener('abort', giveUp, { once: true });
  try {
    await client.connect(transportOf(spec), { timeout: connectMs, signal: within });
    const tools = await loadMcpTools(name, client, { throwOnLoadError: false });
    within.throwIfAborted();
    return { tools: new Map(tools.map((tool) => [tool.name, tool])), close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    within.removeEventListener('abort', giveUp);
  }
}

function transportOf(spec: McpServerSpec) {
  if ('url' in spec) {
    return new StreamableHTTPClientTransport(new URL(spec.url), {
      requestInit: { headers: spec.headers, redirect: 'error' },
    });
  }
  const { command, args, env, cwd } = spec;
  // What it prints besides the protocol may repeat what people wrote.
  return new StdioClientTransport({
    command,
    args,
    env,
    stderr: 'ignore',
    ...(cwd !== undefined && { cwd }),
  });
}
