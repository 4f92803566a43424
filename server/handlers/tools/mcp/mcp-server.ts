import type { DynamicStructuredTool } from '@langchain/core/tools';
import { limits } from '../../../../shared/limits.ts';
import { cutText } from '../../../../shared/text.ts';
import type { JsonSchema, Tool } from '../tool.ts';
import type { McpServerSpec } from './mcp-config.ts';
import type { McpConnection } from './mcp-connection.ts';

/** UTF-16 units of a tool's description: it is told to the model at every step, and somebody else wrote it. */
const descriptionText = 4_000;

/**
 * One server of tools: reached when they are first needed, and again after it was lost. While it cannot be reached its
 * tools fail, and nothing else does.
 */
export class McpServer {
  readonly name: string;
  readonly #spec: McpServerSpec;
  readonly #closed = new AbortController();
  #connecting: Promise<McpConnection> | null = null;
  #tools: readonly Tool[] = [];
  #generation = 0;

  constructor(name: string, spec: McpServerSpec) {
    this.name = name;
    this.#spec = spec;
  }

  /** Another number whenever its tools may be others. */
  get generation(): number {
    return this.#generation;
  }

  /** Its tools. Errors: when it cannot be reached, and never could be. */
  async tools(): Promise<readonly Tool[]> {
    try {
      await this.#connect();
    } catch (error) {
      // Offered all the same: calls of them say what is wrong.
      if (this.#tools.length === 0) throw error;
    }
    return this.#tools;
  }

  /** Ends its process, or its session; it is not reached again. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#connecting?.then((connection) => connection.close()).catch(() => undefined);
  }

  #connect(): Promise<McpConnection> {
    this.#closed.signal.throwIfAborted();
    if (this.#connecting) return this.#connecting;
    const lost = () => {
      if (this.#connecting === connecting) this.#connecting = null;
    };
    const connecting = this.#reach(lost);
    connecting.catch(lost);
    this.#connecting = connecting;
    return connecting;
  }

  async #reach(onClose: () => void): Promise<McpConnection> {
    // Loaded when it is first needed: it brings a lot along that most servers never use.
    const { connectMcp } = await import('./mcp-connection.ts');
    const connection = await connectMcp(this.name, this.#spec, { signal: this.#closed.signal, onClose });
    this.#generation += 1;
    this.#tools = [...connection.tools.values()].map((tool) => this.#toolOf(tool));
    return connection;
  }

  #toolOf({ name, description, schema, metadata }: DynamicStructuredTool): Tool {
    const { readOnlyHint, title } = (metadata?.['annotations'] ?? {}) as { readOnlyHint?: unknown; title?: unknown };
    return {
      name: cutText(`mcp:${this.name}/${name}`, limits.toolName),
      title: typeof title === 'string' && title !== '' ? title : name,
      description: cutText(description, descriptionText),
      schema: schema as JsonSchema,
      readOnly: readOnlyHint === true,
      // Somebody else's program: unless it says that it only reads, a person is asked.
      approval: readOnlyHint !== true,
      execute: (input, { signal }) => this.#call(name, input, signal),
    };
  }

  async #call(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const connection = await this.#connect().catch((error: unknown) => {
      throw new Error(`the MCP server ${this.name} cannot be reached: ${String(error)}`, { cause: error });
    });
    const tool = connection.tools.get(name);
    if (!tool) throw new Error(`the MCP server ${this.name} no longer has the tool ${name}`);
    try {
      const metadata = { timeoutMs: limits.runMs };
      return textOf(await tool.invoke(input as Record<string, unknown>, { signal, metadata }));
    } catch (error) {
      if (!signal.aborted && isLost(error)) await this.#drop(connection);
      throw error;
    }
  }

  async #drop(connection: McpConnection): Promise<void> {
    this.#connecting = null;
    await connection.close();
  }
}

/** Over HTTP a server that has started anew is noticed only by what it answers: it does not know the session. */
function isLost(error: unknown): boolean {
  return /not connected|connection closed|fetch failed|session|terminated|HTTP 404|ECONN/i.test(String(error));
}

/** Text as it is; of anything else what kind it is, because models are told text. */
function textOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const blocks = content as readonly Readonly<Record<string, unknown>>[];
  return blocks.map(({ type, text }) => (typeof text === 'string' ? text : `[${String(type)}]`)).join('\n');
}
