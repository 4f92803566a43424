import { SwitchboardError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
import type { AssistantTool, ToolInfo } from '../../../shared/tool.ts';
import { Cache } from '../cache.ts';
import { calculator } from './calculator.ts';
import { currentTime } from './current-time.ts';
import { httpRequest } from './http-request.ts';
import { McpServer } from './mcp/mcp-server.ts';
import type { McpServerSpec } from './mcp/mcp-config.ts';
import { createOutbound } from './outbound/outbound.ts';
import { readPage } from './read-page.ts';
import { toolError } from './tool-output.ts';
import type { Tool } from './tool.ts';
import { Toolset } from './toolset.ts';

export interface ToolOptions {
  /** Of whoever starts the server. */
  readonly own?: readonly Tool[];
  readonly mcpServers?: Readonly<Record<string, McpServerSpec>>;
  /** Hosts that tools may ask though their addresses are not public. */
  readonly allowedHosts?: readonly string[];
}

/** The tools that this server can call. */
export interface ToolRegistry {
  /** All of them. Reaches MCP servers; one that cannot be reached is one entry, with its problem. */
  list(): Promise<ToolInfo[]>;
  /** Whether an assistant may be given this name: of a tool that is here, or of a server that may have it. */
  knows(name: string): boolean;
  /**
   * Those of an assistant; made ready once for the same ones. Null for none.
   *
   * Errors: `TOOL_FAILED` when one of them does not exist, or a server that was never reached cannot be now.
   */
  toolset(wanted: readonly AssistantTool[]): Promise<Toolset | null>;
  /** Ends the processes of MCP servers. */
  close(): Promise<void>;
}

/** Of all tools of a server, or of one. */
const mcpName = /^mcp:([^/]+)(?:\/(.*))?$/s;

const ownName = /^[a-zA-Z][\w-]{0,63}$/;

/** Assistants use a handful of combinations, so the bound is for safety. */
const toolsetsKept = 256;

/** Errors: when own tools have names that cannot be used, or that are taken. */
export function createTools({ own = [], mcpServers = {}, allowedHosts = [] }: ToolOptions = {}): ToolRegistry {
  const outbound = createOutbound({ allowedHosts });
  const builtIn = [currentTime(), calculator, readPage(outbound), httpRequest(outbound)];
  const local = byName([...builtIn, ...own]);
  const servers = new Map(Object.entries(mcpServers).map(([name, spec]) => [name, new McpServer(name, spec)]));
  const toolsets = new Cache<Promise<Toolset>>(toolsetsKept);

  async function found({ name }: AssistantTool): Promise<readonly Tool[]> {
    const [, serverName, toolName] = mcpName.exec(name) ?? [];
    const server = serverName === undefined ? undefined : servers.get(serverName);
    const tools = server ? await reached(server) : [local.get(name)].filter((tool) => tool !== undefined);
    const wanted = toolName === undefined ? tools : tools.filter((tool) => tool.name === name);
    if (wanted.length > 0) return wanted;
    throw toolFailed(`there is no tool ${name} here; take it away, or set the server up for it`);
  }

  async function toolset(wanted: readonly AssistantTool[]): Promise<Toolset> {
    const chosen = new Map<string, { tool: Tool; approval: boolean }>();
    // What is said of one tool counts more than what is said of all of its server.
    for (const one of wanted.toSorted((a, b) => Number(a.name.includes('/')) - Number(b.name.includes('/')))) {
      for (const tool of await found(one))
        chosen.set(tool.name, { tool, approval: one.approval ?? tool.approval ?? false });
    }
    if (chosen.size > limits.toolsPerAssistant) {
      throw toolFailed(`the assistant has ${chosen.size} tools; at most ${limits.toolsPerAssistant}`);
    }
    return new Toolset([...chosen.values()]);
  }

  return {
    async list() {
      const ofServers = await Promise.all([...servers.values()].map(listed));
      const sourceOf = (tool: Tool) => (own.includes(tool) ? 'own' : 'built-in');
      return [...[...local.values()].map((tool) => infoOf(tool, sourceOf(tool))), ...ofServers.flat()];
    },
    knows(name) {
      const [, server] = mcpName.exec(name) ?? [];
      return server === undefined ? local.has(name) : servers.has(server);
    },
    async toolset(wanted) {
      if (wanted.length === 0) return null;
      const named = [...servers.values()].filter(({ name }) =>
        wanted.some((one) => one.name.startsWith(`mcp:${name}`)),
      );
      await Promise.all(named.map(reached));
      const key = JSON.stringify([wanted, named.map(({ generation }) => generation)]);
      return toolsets.get(key, () => toolset(wanted));
    },
    close: async () => void (await Promise.all([...servers.values()].map((server) => server.close()))),
  };
}

function byName(tools: readonly Tool[]): Map<string, Tool> {
  const known = new Map<string, Tool>();
  for (const tool of tools) {
    if (!ownName.test(tool.name))
      throw new Error(`tools: expected a name of letters, digits, "_" and "-", got ${JSON.stringify(tool.name)}`);
    if (known.has(tool.name)) throw new Error(`tools: there is a tool ${tool.name} already; give yours another name`);
    known.set(tool.name, tool);
  }
  return known;
}

async function reached(server: McpServer): Promise<readonly Tool[]> {
  try {
    return await server.tools();
  } catch (error) {
    throw toolFailed(`the MCP server ${server.name} cannot be reached (${toolError(error)})`, error);
  }
}

async function listed(server: McpServer): Promise<ToolInfo[]> {
  const source = `mcp:${server.name}`;
  try {
    return (await server.tools()).map((tool) => infoOf(tool, source));
  } catch (error) {
    const problem = `it cannot be reached: ${toolError(error)}`;
    return [{ name: source, title: server.name, description: '', readOnly: false, approval: true, source, problem }];
  }
}

function infoOf({ name, title = name, description, readOnly, approval = false }: Tool, source: string): ToolInfo {
  return { name, title, description, readOnly: readOnly === true, approval, source };
}

function toolFailed(message: string, cause?: unknown): SwitchboardError {
  return new SwitchboardError('TOOL_FAILED', message, cause === undefined ? {} : { cause });
}
