import { z } from 'zod';
import { ApiKey } from './api-key.ts';
import { Assistant, Model } from './assistant.ts';
import { AssistantVersion } from './assistant-settings.ts';
import { Chat } from './chat.ts';
import { errorKinds } from './errors.ts';
import { ChatEvent } from './events.ts';
import * as inputs from './inputs.ts';
import { Message } from './message.ts';
import { InputRequest, Run } from './run.ts';
import { ToolInfo } from './tool.ts';
import { AccountUsage, ChatUsage } from './usage.ts';
import { WatchEvent } from './watch.ts';
import { WorkflowDetails, WorkflowProblem, WorkflowSummary } from './workflow.ts';
import { WorkflowVersion } from './workflow-settings.ts';
import { NodeLogEntry } from './workflow-trial.ts';

/**
 * Raised when something that clients rely on is renamed or removed. Fields and event types may be added without it;
 * clients skip what they do not know.
 */
export const protocolVersion = 1;

const described = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** The whole wire as data, for the test that locks it. */
export function describeProtocol(): unknown {
  const objects = {
    Chat,
    Message,
    Run,
    InputRequest,
    Assistant,
    AssistantVersion,
    WorkflowSummary,
    WorkflowDetails,
    WorkflowVersion,
    WorkflowProblem,
    NodeLogEntry,
    Model,
    ChatEvent,
    ApiKey,
    ToolInfo,
    WatchEvent,
    AccountUsage,
    ChatUsage,
  };
  return {
    protocolVersion,
    objects: Object.fromEntries(Object.entries(objects).map(([name, schema]) => [name, described(schema)])),
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, schema]) => [name, described(schema)])),
    errorKinds,
  };
}
