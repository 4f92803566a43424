import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Stdio = z.strictObject({
  type: z.literal('stdio').optional(),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  /** Besides a few that every program needs; none of the server's own variables are passed on. */
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().optional(),
});

const Http = z.strictObject({
  type: z.enum(['http', 'streamable-http']).optional(),
  url: z.url({ protocol: /^https?$/, error: 'expected a URL such as https://example.com/mcp' }),
  headers: z.record(z.string(), z.string()).default({}),
});

const serverName = /^[a-zA-Z0-9][\w.-]{0,63}$/;

/** Servers of the Model Context Protocol by name, in the shape that other programs use too. */
const McpServers = z.record(
  z.string().regex(serverName, 'expected a name of letters, digits, "_", "-" and "."'),
  z.union([Stdio, Http], 'expected { command, args?, env?, cwd? } or { url, headers? }'),
);

export type McpServerSpec = z.output<typeof Stdio> | z.output<typeof Http>;

/** As whoever starts the server writes it. */
export type McpServersInput = z.input<typeof McpServers>;

/** Errors: an Error that says which entry is wrong, and what was expected; values are not repeated, they may be secrets. */
export function parseMcpServers(servers: unknown): Record<string, McpServerSpec> {
  const parsed = McpServers.safeParse(servers);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `mcpServers.${path.join('.')}: ${message}`);
  throw new Error(faults.join('; '));
}

/** Of a file with `{ "mcpServers": { … } }`. Errors: the same, and when it cannot be read or is no JSON. */
export function readMcpServers(path: string): Record<string, McpServerSpec> {
  const File = z.object({ mcpServers: z.unknown() }, 'expected an object with "mcpServers"');
  const parsed = File.safeParse(jsonOf(path));
  if (!parsed.success) throw new Error(`${path}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
  try {
    return parseMcpServers(parsed.data.mcpServers);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function jsonOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`expected the path of a file that can be read, got ${JSON.stringify(path)} (${code})`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message repeats a piece of the file.
    throw new Error(`${path}: expected JSON`, { cause: error });
  }
}
