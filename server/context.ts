import type { NodeLogStore } from '../db/node-log-store.ts';
import type { Store } from '../db/store.ts';
import type { Model } from '../shared/assistant.ts';
import type { ToolInfo } from '../shared/tool.ts';
import type { Assistants } from './assistants.ts';
import type { Accounts } from './auth/accounts.ts';
import type { ChatManager } from './chat-manager.ts';
import type { Connection } from './connection.ts';
import type { Quotas } from './quotas.ts';
import type { WorkflowTrials } from './workflow-trials.ts';
import type { Workflows } from './workflows.ts';

/** What the procedures need of the rest of the server. */
export interface Services {
  readonly chatManager: ChatManager;
  readonly accounts: Accounts;
  readonly assistants: Assistants;
  readonly workflows: Workflows;
  readonly trials: WorkflowTrials;
  readonly nodeLogs: NodeLogStore;
  readonly store: Store;
  readonly models: { list(): Model[] };
  readonly tools: { list(): Promise<ToolInfo[]> };
  readonly quotas: Quotas;
  readonly info: ServerInfo;
}

/** What `server.info` tells. */
export interface ServerInfo {
  readonly version: string;
  readonly protocol: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly auth: 'local' | 'token';
}

/**
 * Made once for each socket, once for each HTTP request. tRPC copies this object, so whatever has an identity (the
 * connection above all) stands one level below it.
 */
export interface Context extends Services {
  readonly connection: Connection;
}
