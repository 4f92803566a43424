import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import packageJson from '../package.json' with { type: 'json' };
import { connect } from '../db/connect.ts';
import type { Database } from '../db/connect.ts';
import type { RecoveredRuns } from '../db/store.ts';
import type { AppKind } from '../shared/chat.ts';
import { limits as defaultLimits, limitsOfEverybody } from '../shared/limits.ts';
import type { Limits } from '../shared/limits.ts';
import { protocolVersion } from '../shared/protocol.ts';
import { Assistants } from './assistants.ts';
import { answerSchemas as schemas } from './answer-schemas.ts';
import { checkAuth, createAuth } from './auth/auth.ts';
import type { Authenticate } from './authenticate.ts';
import { ChatFeeds } from './chat-feeds.ts';
import { ChatWatch } from './chat-watch.ts';
import { ChatTitles } from './chat-titles.ts';
import { ChatManager } from './chat-manager.ts';
import { ConfigError, defaults } from './config.ts';
import type { Config } from './config.ts';
import { Dispatcher } from './dispatcher.ts';
import { Door } from './door.ts';
import { Files } from './files/files.ts';
import { createEdge } from './edge.ts';
import type { ChatHandler } from './handlers/handler.ts';
import { createHandlers } from './handlers/index.ts';
import { titleMaker } from './handlers/make-title.ts';
import { createModels } from './handlers/models.ts';
import { parseMcpServers, readMcpServers } from './handlers/tools/mcp/mcp-config.ts';
import type { McpServersInput } from './handlers/tools/mcp/mcp-config.ts';
import { createTools } from './handlers/tools/tool-registry.ts';
import type { ToolRegistry } from './handlers/tools/tool-registry.ts';
import { createOutbound } from './handlers/tools/outbound/outbound.ts';
import type { Tool } from './handlers/tools/tool.ts';
import type { RegisteredWorkflow } from './handlers/workflow/registered/registered-workflow.ts';
import { CodeSandbox } from './handlers/workflow/sandbox/code-sandbox.ts';
import { createHttpServer } from './http.ts';
import { MessageIndexer } from './message-indexer.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { pageFolder } from './page-folder.ts';
import { Guests } from './guests.ts';
import { patientCheckpoints } from './patient-checkpoints.ts';
import { Quotas } from './quotas.ts';
import { repeat } from './repeat.ts';
import { programsById, registeredApps, registerWorkflows } from './registered-workflows.ts';
import { RunBudget } from './run-budget.ts';
import { RunExpiry } from './run-expiry.ts';
import { seenAssistant } from './seen-assistant.ts';
import { Ticker } from './ticker.ts';
import { acceptSockets } from './upgrade.ts';
import { urlOf, whyNotListening } from './listening.ts';
import { WorkflowReferences } from './workflow-references.ts';
import { WorkflowTrials } from './workflow-trials.ts';
import { Workflows } from './workflows.ts';

export { ConnectError } from '../db/connect-error.ts';
export type { Authenticate, KnownUser } from './authenticate.ts';
export { ConfigError, readConfig } from './config.ts';
export type { InputAnswer } from '../db/store.ts';
export { expectAnswer } from './handlers/expect-answer.ts';
export type { ChatHandler, HandlerEvent, HandlerRun, Resumed } from './handlers/handler.ts';
export { defineTool } from './handlers/tools/tool.ts';
export type { Tool, ToolContext } from './handlers/tools/tool.ts';
export type { RegisteredWorkflow, WorkflowMessage } from './handlers/workflow/registered/registered-workflow.ts';
export type { WorkflowQuestion } from './handlers/workflow/registered/workflow-question.ts';
export type { Logger } from './logger.ts';

/** The limits of connections and runs. Those of what is stored, and of the wire's own shapes, are the same everywhere. */
type AdjustableLimits = Pick<
  Limits,
  | 'answerText'
  | 'approvalMs'
  | 'authenticateMs'
  | 'callsPerFrame'
  | 'connectionsPerUser'
  | 'debugChatMs'
  | 'debugSweepMs'
  | 'endedRunMs'
  | 'endedRunsText'
  | 'fileBytes'
  | 'fileSweepMs'
  | 'frameBytes'
  | 'guestCallsPerMinute'
  | 'guestConnections'
  | 'guestConnectionsPerAddress'
  | 'heartbeatMs'
  | 'modelIdleMs'
  | 'runMs'
  | 'readsAtOnce'
  | 'runsPerProcess'
  | 'runsPerUser'
  | 'sendsPerMinute'
  | 'stalledReaderMs'
  | 'subscriptions'
  | 'uploadBytesPerHour'
  | 'uploadsPerHour'
>;

/** What a program that embeds the server may set; everything has a default. */
export interface ServerOptions extends Partial<Config> {
  /** Own models by `provider:model`, besides those that the configuration connects. */
  readonly models?: Parameters<typeof createModels>[1];
  /** Own tools that assistants may use by name, besides the built-in ones; `defineTool` has an example. */
  readonly tools?: readonly Tool[];
  /** Servers of tools that assistants may use as `mcp:name`, besides those in the file that `MCP_CONFIG` names. */
  readonly mcpServers?: McpServersInput;
  /**
   * Workflows as programs, by names that stay: graphs of LangGraph, for everybody. One that is not registered any more is not
   * published any more. `RegisteredWorkflow` has an example.
   */
  readonly workflows?: Readonly<Record<string, RegisteredWorkflow>>;
  /** Own handlers in place of the built-in ones. */
  readonly handlers?: Partial<Record<AppKind, ChatHandler>>;
  /**
   * Who a token belongs to, in place of every check that the configuration names. Absent and none configured: everybody
   * is the user `local`, and only this machine may connect.
   */
  readonly authenticate?: Authenticate;
  readonly logger?: Logger;
  readonly limits?: Partial<AdjustableLimits>;
  /** One that is open already, in place of the one that the configuration names. It is closed with the server. */
  readonly database?: Database;
}

export interface Server {
  /** Where it listens, for example `http://127.0.0.1:3000`. */
  readonly url: string;
  /** What answers where nothing else is chosen, as `provider:model`. */
  readonly defaultModel: string;
  /** Why that one cannot answer, as far as it is known without asking its provider; null when nothing is known. */
  readonly modelProblem: string | null;
  /** What lives in it now; all zero when nothing was left behind. */
  census(): { connections: number; runs: number; streams: number };
  /** No new runs; active ones get this long and then end `interrupted`. A later call may only shorten that. */
  drain(ms?: number): Promise<void>;
  /** Drains without waiting, closes every socket and the database. Twice is once. */
  close(): Promise<void>;
}

/** What watchers get to receive the last events of a server that stops. */
const lastEventsMs = 1_000;

/**
 * Puts a server together and starts it: the one place that knows all the parts.
 *
 * Resolves when it listens, with everything that a crash left behind brought to an end. Errors: `ConfigError` and
 * `ConnectError` for what the caller can set right.
 */
export async function createServer(options: ServerOptions = {}): Promise<Server> {
  const config = { ...defaults, ...options };
  checkAuth(config, options.authenticate);
  const database = options.database ?? (await connect(config));
  try {
    const parts = assemble(config, options, database);
    await database.workflows.keepRegistered(registeredApps(parts.workflowPrograms));
    const waiting = await takeOver(parts);
    const modelProblem = await parts.models.problem();
    if (modelProblem)
      parts.logger.warn({ model: parts.models.defaultModel, reason: modelProblem }, 'the default model cannot answer');
    await listen(parts.http, config);
    void parts.indexer.start();
    for (const { chatId, userId } of waiting) void parts.dispatcher.advance(chatId, userId);
    void parts.expiry.look();
    return running(parts, config, database, modelProblem);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function assemble(config: Config, options: ServerOptions, database: Database) {
  const { keys, nodeLogs, store } = database;
  const logger = options.logger ?? createLogger(config.logLevel);
  const closed = new AbortController();
  const checkpoints = patientCheckpoints(database.checkpoints, { logger, signal: closed.signal });
  const auth = createAuth({ config, authenticate: options.authenticate, keys, logger });
  const limits = { ...defaultLimits, ...(auth.kind === 'local' ? limitsOfEverybody : {}), ...options.limits };
  const models = createModels(config, options.models);
  const tools = createToolsOf(config, options);
  const sandbox = new CodeSandbox();
  const outbound = createOutbound({ allowedHosts: config.toolAllowedHosts });
  const assistantOf = seenAssistant(database);
  const workflowPrograms = registerWorkflows(options.workflows ?? {});
  const reached = { apps: store, assistantOf, checkpoints, nodeLogs, outbound, sandbox };
  const built = createHandlers({ models, tools, limits, ...reached, workflows: programsById(workflowPrograms) });
  const handlers = { ...built, ...options.handlers };
  const files = new Files({ records: database.files, store: database.fileStore, limits });
  const watch = new ChatWatch(store);
  const feeds = new ChatFeeds(store, new Ticker(), limits, (chatId) => watch.note(chatId));
  const indexer = new MessageIndexer(store, logger);
  const { dailyTokens } = config;
  const budget = dailyTokens === undefined ? undefined : new RunBudget({ store, dailyTokens });
  const titles = new ChatTitles({ store, feeds, budget, makeTitle: titleMaker(models), logger });
  const expiry = new RunExpiry({
    store,
    logger,
    onExpired: (chatId, change) => feeds.publish(chatId, change),
    onDue: (chatId, userId) => void dispatcher.advance(chatId, userId),
  });
  const dispatcher = new Dispatcher({
    store,
    feeds,
    handlers,
    readFile: (userId, fileId) => files.read(userId, fileId),
    limits,
    budget,
    logger,
    schemas,
    onExpiring: expiry.note,
    onEnded: (run) => {
      indexer.note(run.chatId);
      if (config.titles) titles.note(run);
    },
  });
  const chatManager = new ChatManager({ store, feeds, watch, dispatcher, budget, limits, schemas });
  const quotas = new Quotas(limits);
  const guests = new Guests(limits);
  const assistants = new Assistants({
    store: database.assistants,
    models,
    knowsTool: (name) => tools.knows(name),
  });
  const workflows = new Workflows({
    store: database.workflows,
    references: new WorkflowReferences({
      models,
      knowsTool: (name) => tools.knows(name),
      assistant: (userId, id) => database.assistants.assistant(userId, id),
      workflow: (userId, id) => database.workflows.workflow(userId, id),
      stored: (id) => store.workflow(id, null),
      mayRun: (outer, inner) => store.mayRunWorkflow(outer, inner),
    }),
  });
  const trials = new WorkflowTrials({ store, workflows: database.workflows, chatManager });
  const { accounts, identify } = auth;
  const info = { version: packageJson.version, protocol: protocolVersion, limits, auth: auth.kind };
  const edge = createEdge(
    {
      chatManager,
      accounts,
      assistants,
      workflows,
      trials,
      nodeLogs,
      store,
      models,
      tools,
      quotas,
      guests,
      budget,
      info,
    },
    { identify, areGuestsWelcome: config.publicShares, limits, logger },
  );
  const door = new Door(config.allowedOrigins);
  const checkReady = async () => {
    if (dispatcher.isDraining) throw new Error('the server is stopping');
    await store.ping();
  };
  const http = createHttpServer({ door, edge, files, quotas, guests, checkReady, page: pageFolder });
  const sockets = acceptSockets(http, door, edge);
  return {
    limits,
    logger,
    auth,
    closed,
    models,
    tools,
    sandbox,
    workflowPrograms,
    feeds,
    files,
    watch,
    indexer,
    titles,
    dispatcher,
    expiry,
    chatManager,
    http,
    sockets,
  };
}

/** Errors: `ConfigError` for tools and servers of them that are not right. */
function createToolsOf(config: Config, { tools: own = [], mcpServers }: ServerOptions): ToolRegistry {
  const name = mcpServers || config.mcpConfig === undefined ? 'createServer' : 'MCP_CONFIG';
  try {
    const servers = config.mcpConfig === undefined ? {} : readMcpServers(config.mcpConfig);
    const all = { ...servers, ...parseMcpServers(mcpServers ?? {}) };
    return createTools({ own, mcpServers: all, allowedHosts: config.toolAllowedHosts });
  } catch (error) {
    throw new ConfigError(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

type Parts = ReturnType<typeof assemble>;

/** Settles what the last process on this database left running, and tells where runs are due or queued. */
async function takeOver({ dispatcher, limits, logger }: Parts): Promise<RecoveredRuns['waiting']> {
  const { asking, interrupted, resumed, waiting } = await dispatcher.recover(limits.approvalMs);
  if (asking > 0)
    logger.warn({ asking }, 'calls of tools were cut off by the last stop of the server: people are asked');
  if (interrupted > 0) logger.warn({ interrupted }, 'runs were cut off by the last stop of the server');
  if (resumed > 0) logger.info({ resumed }, 'runs go on that the last stop of the server cut off');
  return waiting;
}

function running(parts: Parts, config: Config, database: Database, modelProblem: string | null): Server {
  const stops = [sweepDebugChats(parts), sweepFiles(parts)];
  const {
    auth,
    chatManager,
    closed,
    dispatcher,
    expiry,
    feeds,
    http,
    indexer,
    models,
    sandbox,
    sockets,
    titles,
    tools,
    watch,
  } = parts;
  const drain = (ms: number) => dispatcher.drain(ms);
  const close = firstOnly(async () => {
    const swept = Promise.all(stops.map((stop) => stop()));
    await drain(0);
    closed.abort();
    await tools.close();
    await sandbox.close();
    await feeds.delivered(lastEventsMs);
    const httpClosed = once(http, 'close');
    http.close();
    await sockets.close();
    http.closeAllConnections();
    await httpClosed;
    await swept;
    feeds.close();
    auth.close();
    await expiry.close();
    watch.close();
    await titles.close();
    await indexer.close();
    await database.close();
  });
  return {
    url: urlOf(config.host, (http.address() as AddressInfo).port),
    defaultModel: models.defaultModel,
    modelProblem,
    census: () => ({
      connections: chatManager.connections.size,
      runs: dispatcher.runs.size,
      streams: feeds.readers + watch.size,
    }),
    drain: (ms = config.drainSeconds * 1_000) => drain(ms),
    close,
  };
}

function sweepDebugChats({ chatManager, limits, logger }: Parts): () => Promise<void> {
  return repeat(
    () => chatManager.changes.sweepDebugChats(),
    limits.debugSweepMs,
    (err) => logger.warn({ err }, 'old debug chats could not be deleted; trying again later'),
  );
}

function sweepFiles({ files, limits, logger }: Parts): () => Promise<void> {
  return repeat(
    () => files.sweep(),
    limits.fileSweepMs,
    (err) => logger.warn({ err }, 'files that nobody uses could not be deleted; trying again later'),
  );
}

/** The first call counts; later ones get its promise. */
function firstOnly<Result>(call: () => Promise<Result>): () => Promise<Result> {
  let first: Promise<Result> | undefined;
  return () => (first ??= call());
}

async function listen(http: HttpServer, { host, port }: Config): Promise<void> {
  http.listen(port, host);
  try {
    await once(http, 'listening');
  } catch (error) {
    throw new ConfigError(await whyNotListening(error, host, port), { cause: error });
  }
}
