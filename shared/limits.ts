/**
 * Every limit in one place: what it bounds, its unit, and why this value.
 *
 * Past a limit there is a typed error or a close that can be resumed, never growth. `server.info` tells them to clients.
 */
export const limits = {
  /** UTF-16 units of one message's text. A long paste or a small file fits; a book does not. Past it: `TOO_LARGE`. */
  messageText: 100_000,
  /** Bytes of one WebSocket frame or HTTP body. The longest legal message is 100,000 units, at most 6 bytes each as JSON. */
  frameBytes: 1_048_576,
  /** Calls in one frame. A reconnecting client sends all its subscriptions in one, so never less than `subscriptions`. */
  callsPerFrame: 500,
  /** Streams that one connection may hold open. Nobody looks at more chats at once; one more is `RATE_LIMITED`. */
  subscriptions: 100,
  /** Queries and beginnings of streams that one connection is served at once; the next wait, also while it does not read. */
  readsAtOnce: 8,
  /** Runs waiting in one chat. Past it: `QUEUE_FULL`. */
  queueLength: 50,
  /** UTF-16 units of all messages waiting in one chat, because every snapshot has them whole. Past it: `QUEUE_FULL`. */
  queueText: 200_000,
  /** UTF-16 units of all messages that one answer takes while it is written. What is more waits for its own answer. */
  steeringText: 200_000,
  /** Messages in one place of a chat, as branches: more than anybody compares. Past it: `TOO_LARGE`. */
  siblings: 100,
  /** Messages that a fork copies, in one statement that holds up an embedded database meanwhile. Past it: `TOO_LARGE`. */
  forkMessages: 2_000,
  /** Runs that one process executes at once; further ones wait in their chats' queues until one ends. */
  runsPerProcess: 2_000,
  /** Runs that one user has executed at once: no person reads so many answers, and others get their turn. Further ones wait. */
  runsPerUser: 100,
  /** Connections that one user has at once: tabs, devices and scripts. One more is closed with 4429, over HTTP `RATE_LIMITED`. */
  connectionsPerUser: 200,
  /** Connections without a token that there are at once, where one is asked for: they cost what those of users cost. */
  guestConnections: 2_000,
  /** Of these, from one address. One more is closed with 4429, over HTTP `RATE_LIMITED`. Behind a proxy all have its address. */
  guestConnectionsPerAddress: 200,
  /** Calls without a token from one address in a minute. Past it: `RATE_LIMITED`. */
  guestCallsPerMinute: 600,
  /** Messages that one user sends in a minute: ten a second, which only a script does. Past it: `RATE_LIMITED`. */
  sendsPerMinute: 600,
  /** Bytes of one file that is uploaded: providers take no larger images. Past it: `TOO_LARGE`. */
  fileBytes: 5_242_880,
  /** UTF-16 units of a file's name; a longer one is cut. */
  fileName: 200,
  /** Files that one message is sent with. Past it: `TOO_LARGE`. */
  filesPerMessage: 10,
  /** UTF-16 units of all text files of one message that a model is told: as much as a message may have. The rest is cut with a mark. */
  fileText: 100_000,
  /** Tokens that an image counts as in a history and a budget: what providers count for one at their usual size. */
  imageTokens: 1_600,
  /** Bytes of all images that a model is shown in one request, the newest first: providers take no larger requests. */
  requestImageBytes: 20_971_520,
  /** Files that one user uploads in an hour. Past it: `RATE_LIMITED`. */
  uploadsPerHour: 300,
  /** Bytes that one user uploads in an hour. Past it: `RATE_LIMITED`. */
  uploadBytesPerHour: 524_288_000,
  /** Milliseconds that a file is kept which no message uses: a day, so that what is being written may wait overnight. */
  unusedFileMs: 86_400_000,
  /** Milliseconds between two looks for files that nobody uses any more. */
  fileSweepMs: 300_000,
  /** Milliseconds that one run may take before it fails with `RUN_TIMEOUT`. */
  runMs: 600_000,
  /** Milliseconds without any sign from the model before the run fails with `MODEL_TIMEOUT`. */
  modelIdleMs: 60_000,
  /** UTF-16 units of one answer, all its parts together. Past it the run fails with `ANSWER_TOO_LARGE` and keeps what it has. */
  answerText: 1_048_576,
  /** UTF-16 units of a question to a person, prompt and schema as JSON, because every snapshot has it whole. */
  questionText: 65_536,
  /** UTF-16 units, as JSON, of what a question is about: the input of a tool, most of all, which is also a part of the answer. */
  questionSubject: 1_048_576,
  /** UTF-16 units of an answer to a question, as JSON: as long as a message. Past it: `TOO_LARGE`. */
  inputValue: 100_000,
  /** Levels of lists and objects in an answer to a question: no form has so many, and checking one is recursive. */
  inputDepth: 32,
  /** UTF-16 units of text in one delta frame. A reader that is behind gets several of these, each after the socket drained. */
  deltaText: 16_384,
  /** Days that one question about usage is about: a quarter, told by day and model. More is `INVALID_INPUT`. */
  usageDays: 92,
  /** Messages in one snapshot or page of history. */
  pageMessages: 50,
  /** Bytes of the messages in one snapshot, as JSON; the newest message is always there, whatever its size. */
  snapshotBytes: 262_144,
  /** UTF-16 units, as JSON, of what went in and out of nodes in one snapshot; what was told first is left out. */
  snapshotValues: 65_536,
  /** Milliseconds that a socket may stay full, however slowly it empties, before it is closed with 4408. */
  stalledReaderMs: 30_000,
  /** Milliseconds between two signs of life that are asked of a socket. A dead peer is found within two, so within 20 s. */
  heartbeatMs: 9_000,
  /** Milliseconds after a run's end in which its events can still be read from memory, for readers who come back late. */
  endedRunMs: 120_000,
  /** UTF-16 units that all ended runs together may keep in memory for that; the oldest go first. */
  endedRunsText: 16_777_216,
  /** Earlier messages that a model is given, newest first: fifty turns. What was before is summed up. */
  historyMessages: 100,
  /** Tokens that a model takes of which nobody says how many, the answer included. Most that people run at home take these. */
  contextTokens: 16_384,
  /** Fewest tokens that a model may be said to take: below that not even the prompts of assistants fit. */
  leastContextTokens: 1_000,
  /** UTF-16 units of the summary of what a model is not given any more: two pages. */
  summaryText: 8_000,
  /** UTF-16 units of what a person says about an answer: a paragraph. */
  comment: 2_000,
  /** UTF-16 units of a chat that is exported at once; a longer one is read by `chat.history`. Past it: `TOO_LARGE`. */
  exportText: 16_777_216,
  /** UTF-16 units of a message in which words are found; what is behind them is not. Postgres has a limit for one text. */
  searchedText: 100_000,
  /** Times that a model may call tools in one answer. Whoever needs more goes in circles. Past it: `TOOL_FAILED`. */
  toolSteps: 20,
  /** Calls of tools that a model may ask for at once. Past it: `TOOL_FAILED`. */
  toolCallsPerStep: 16,
  /** Milliseconds that one call of a tool may take, where the tool says nothing else. */
  toolMs: 30_000,
  /** UTF-16 units of what a tool gives back, as JSON; what is longer is cut with a mark. A quarter of a model's history. */
  toolOutput: 16_384,
  /** UTF-16 units of the arguments of one call, as JSON. Past it the call goes back to the model as an error. */
  toolInput: 65_536,
  /** UTF-16 units of a tool's name; those of MCP servers bear the server's name too. */
  toolName: 200,
  /** Tools that an assistant may have, those of its servers counted: each of them is told to the model at every step. */
  toolsPerAssistant: 128,
  /** Milliseconds that a call waits for a person's approval, a week; after that it counts as denied. */
  approvalMs: 604_800_000,
  /** UTF-16 units of a chat's title. */
  title: 200,
  /** Entries in one page of a list. */
  pageEntries: 100,
  /** Milliseconds in which a connection has to say who it is, where that is asked for. */
  authenticateMs: 5_000,
  /** Characters of a token that is handed over. Those of identity providers have one or two thousand. */
  token: 16_384,
  /** UTF-16 units of an assistant's name: one line of a list. */
  assistantName: 100,
  /** UTF-16 units of an assistant's description: a short paragraph. */
  assistantDescription: 1_000,
  /** UTF-16 units of an assistant's picture: an address; an emoji of several people has about thirty. */
  avatar: 1_000,
  /** UTF-16 units of an assistant's prompt. It goes out with every request to the model and is kept for each version. */
  assistantPrompt: 32_000,
  /** UTF-16 units of what an assistant says before the first message. */
  guideWord: 2_000,
  /** Questions that a newcomer may start with: as many as one screen shows. */
  guideQuestions: 10,
  /** UTF-16 units of one of them. */
  guideQuestion: 300,
  /** Tools of one assistant. Models choose badly among more, and each is described in every request. */
  assistantTools: 64,
  /** Tokens of one answer that an assistant may be given: as many as `answerText` holds at four characters each. */
  outputTokens: 262_144,
  /** Assistants that one user has. Past it: `TOO_LARGE`. */
  assistantsPerUser: 1_000,
  /** Versions of an assistant in one page, because each has its whole prompt. */
  pageVersions: 20,
  /** Nodes of one workflow: more than anybody overlooks, and a graph of so many is compiled in milliseconds. */
  workflowNodes: 1_000,
  /** Edges of one workflow: each node of the largest may have five. */
  workflowEdges: 5_000,
  /** UTF-16 units of a workflow's definition, as JSON. Half of a frame, so that it also fits with each quote escaped. */
  workflowDefinition: 524_288,
  /** Workflows that one user has. Past it: `TOO_LARGE`. */
  workflowsPerUser: 1_000,
  /** Entries in the log of a run of a workflow; what its nodes do after them is not kept. */
  nodeLog: 1_000,
  /** Problems of a definition that are told at once; who has repaired them asks again. */
  workflowProblems: 200,
  /** Levels of lists and objects in a definition: those that it has itself, and some for values. Checking it is recursive. */
  workflowDepth: 24,
  /** Cycles of a workflow within each other. Whoever needs more moves the inner ones into a workflow of their own. */
  workflowNesting: 8,
  /** UTF-16 units of an id of a node or a key of a variable. */
  workflowName: 64,
  /** UTF-16 units of what a field, an option or a variable is called. */
  workflowLabel: 200,
  /** UTF-16 units of one text of a node; as long as the prompt of an assistant. */
  workflowText: 32_000,
  /** UTF-16 units of the program of a code node. */
  workflowCode: 65_536,
  /** Fields of a form, variables of a start or outputs of a code node: as many as a person fills in. */
  workflowFields: 50,
  /** Options of a choice or a selection. */
  workflowOptions: 50,
  /** Cases of one condition. */
  workflowCases: 20,
  /** Rules of one case. */
  workflowRules: 20,
  /** Rounds of one loop. Past them: `WORKFLOW_LIMIT`. */
  workflowIterations: 1_000,
  /** Minutes that a question may wait where it expires: a year. */
  workflowQuestionMinutes: 525_600,
  /** Milliseconds that one request of an http node may take. */
  workflowHttpMs: 120_000,
  /** Bytes of the answer to an http node, unpacked: it is a variable, in memory and in the database. Past it: `WORKFLOW_LIMIT`. */
  workflowHttpBytes: 1_048_576,
  /** UTF-16 units of a regular expression in a condition: a long one, and quick to read. */
  pattern: 1_000,
  /** Milliseconds, estimated, that it takes to read a pattern of a condition; past them it is none. */
  patternWeight: 100,
  /** The same of all patterns of a workflow, which are read whenever it is checked. */
  workflowPatternWeight: 500,
  /** Instructions of a regular expression times units of the text that it looks at: at most some tenths of a second. Past it: `WORKFLOW_LIMIT`. */
  patternSteps: 1_000_000,
  /** Milliseconds that the program of a code node may take: it computes, and cannot wait for anything. */
  codeMs: 5_000,
  /** UTF-16 units of what a program is given, as JSON. The server writes it on the thread that serves everybody. */
  codeInput: 1_048_576,
  /** UTF-16 units of what a program gives back, as JSON. The server reads it on that thread too, whoever wrote it. */
  codeOutput: 262_144,
  /** Levels of lists and objects that a program or a server gives back. What goes on with them is recursive. */
  valueDepth: 32,
  /** Programs that one process runs at once, each on a thread with up to 64 MiB; more would take the processors from everybody. */
  codeRuns: 2,
  /** Milliseconds that a program waits for its turn: the time of two that take as long as they may. Past it: `WORKFLOW_LIMIT`. */
  codeWaitMs: 10_000,
  /** Executions of nodes in one run of a workflow. Whoever needs more goes in circles. Past it, as past the next four: `WORKFLOW_LIMIT`. */
  workflowSteps: 10_000,
  /** Milliseconds that the nodes of one run work, the time that people take not counted. A day, over many stretches. */
  workflowMs: 86_400_000,
  /** Tokens that the nodes of one run use: a hundred long conversations. */
  workflowTokens: 5_000_000,
  /** Bytes, as JSON, of all variables of one run: each of them is in memory, and in the database, while it lives. */
  workflowBytes: 16_777_216,
  /** UTF-16 units that what is filled into the texts of one node may have: each becomes text, on the thread that serves everybody. */
  workflowFilled: 8_388_608,
  /** Nodes of a workflow with those of its subworkflows, each as often as it stands there: a graph of so many is compiled in some tenths of a second. */
  workflowProgram: 2_000,
  /** Subworkflows inside of each other. */
  workflowInner: 8,
  /** Nodes of one run that work at once; further ones wait. */
  workflowParallel: 16,
  /** Times that a run of a workflow is put to work again after its process has died, without a node having finished between. */
  runCrashes: 3,
  /** UTF-16 units, as JSON, of one value that a node is given or makes, as the editor of the workflow is shown it. */
  nodeValue: 16_384,
  /** Milliseconds after its last use in which a debug chat is still there. */
  debugChatMs: 3_600_000,
  /** Milliseconds between two looks for debug chats whose time is over. */
  debugSweepMs: 300_000,
  /** API keys that one user may have in use. Past it: `TOO_LARGE`. */
  apiKeys: 100,
} as const;

/** Where nobody says who they are all are one user, who is on this machine: what one user may do bounds nothing there. */
export const limitsOfEverybody = {
  runsPerUser: Number.MAX_SAFE_INTEGER,
  connectionsPerUser: Number.MAX_SAFE_INTEGER,
  sendsPerMinute: Number.MAX_SAFE_INTEGER,
  uploadsPerHour: Number.MAX_SAFE_INTEGER,
  uploadBytesPerHour: Number.MAX_SAFE_INTEGER,
} as const;

export type Limits = { readonly [Name in keyof typeof limits]: number };
