import { z } from 'zod';
import { limits } from './limits.ts';

/** `calculator`; `mcp:server` is every tool of that server, `mcp:server/tool` one of them. */
export const ToolName = z
  .string()
  .max(limits.toolName)
  .regex(/^[\w.:/-]+$/, 'expected a name of letters, digits and _ . : / -');

/** A tool that an assistant may use. */
export const AssistantTool = z.object({
  name: ToolName,
  /** Whether a person is asked before each call; absent: as the tool itself has it. */
  approval: z.boolean().optional(),
});
export type AssistantTool = z.infer<typeof AssistantTool>;

/** What `tool.list` tells of a tool. */
export const ToolInfo = z.object({
  name: ToolName,
  title: z.string(),
  description: z.string(),
  /** It changes nothing anywhere. */
  readOnly: z.boolean(),
  /** Whether a person is asked before each call, where the assistant says nothing else. */
  approval: z.boolean(),
  /** `built-in`, `own` (of whoever started the server), or `mcp:` and the server's name. */
  source: z.string(),
  /** Why it cannot be called at present; absent where nothing is known against it. */
  problem: z.string().optional(),
});
export type ToolInfo = z.infer<typeof ToolInfo>;
