import type { WorkflowProblem } from '../../shared/workflow.ts';
import { endingOf } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import { oneTurn } from './one-turn.ts';
import { inSession } from './session.ts';
import type { Session } from './session.ts';
import type { ServerOptions } from './session-options.ts';
import type { Terminal } from './terminal.ts';
import { takeTurn } from './turn.ts';
import { nameOfFile, readParameters, readWorkflow } from './workflow-file.ts';

export interface RunWorkflowOptions extends ServerOptions {
  /** `key=value`, for the variables of the start. */
  readonly param: readonly string[];
  readonly reasoning?: boolean;
}

export interface ListWorkflowsOptions extends ServerOptions {
  /** Only one's own. */
  readonly mine?: boolean;
  /** One workflow a line as JSON. */
  readonly json?: boolean;
}

/** The most that the server lists at once. */
const pageEntries = 100;

/** `switchboard workflow validate`: every problem of a file. Resolves to the exit code; never rejects. */
export function validateFile(path: string, options: ServerOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async (session) => {
    const isValid = await isRight(path, await readWorkflow(path, terminal), session, (text) =>
      session.screen.line(text),
    );
    if (isValid) session.screen.notice(`${path}: it can run`);
    return isValid ? exitCodes.completed : exitCodes.failed;
  });
}

/**
 * `switchboard workflow run`: makes a workflow of the file for as long as the run takes, and runs it in a debug chat. One
 * whose run goes on waiting stays. Resolves to the exit code; never rejects.
 */
export function runFile(path: string, words: string, options: RunWorkflowOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async (session) => {
    const { client, screen } = session;
    const definition = await readWorkflow(path, terminal);
    const parameters = readParameters(options.param, definition);
    const tell = async (text: string) => screen.notice(text);
    if (!(await isRight(path, definition, session, tell))) return exitCodes.failed;
    const name = nameOfFile(path);
    const { id } = await client.api.workflow.create.mutate({ name, definition });
    return withoutTrace(session, id, () =>
      oneTurn(
        session,
        { reasoning: options.reasoning, readsPipe: true },
        () => client.api.chat.create.mutate({ app: { kind: 'workflow', id }, debug: true }),
        (turn) => takeTurn(turn, { text: words || `Run of ${name}`, parameters }),
      ),
    );
  });
}

/** Deletes the workflow however its run came out, except where that goes on. */
async function withoutTrace(
  { client, screen, gone }: Session,
  workflowId: string,
  run: () => Promise<number>,
): Promise<number> {
  let goesOn = false;
  try {
    const code = await run();
    goesOn = code === exitCodes.asked || code === exitCodes.left;
    return code;
  } finally {
    if (goesOn) screen.notice(`workflow ${workflowId} stays for its run`);
    else
      await client.api.workflow.delete
        .mutate({ workflowId }, { signal: gone })
        .catch((error: unknown) => screen.notice(`workflow ${workflowId} was not deleted: ${endingOf(error).words}`));
  }
}

/** `switchboard workflow list`. Resolves to the exit code; never rejects. */
export function listWorkflows(options: ListWorkflowsOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async ({ client, screen }) => {
    const { json, mine } = options;
    let cursor: string | null = null;
    do {
      const page = { cursor, limit: pageEntries, ...(mine && { mine }) };
      const found: Awaited<ReturnType<typeof client.api.workflow.list.query>> =
        await client.api.workflow.list.query(page);
      for (const workflow of found.workflows) {
        const { id, name, description, published, version } = workflow;
        const state = `version ${version}${published ? '' : ', not published'}`;
        await screen.line(json ? JSON.stringify(workflow) : `${id}  ${name} (${state})  ${description}`.trimEnd());
      }
      cursor = found.nextCursor;
    } while (cursor !== null);
    return exitCodes.completed;
  });
}

/** Asks the server, and tells every problem. */
async function isRight(
  path: string,
  definition: {},
  { client }: Session,
  tell: (text: string) => Promise<void>,
): Promise<boolean> {
  const { problems, more } = await client.api.workflow.validate.mutate({ definition });
  for (const problem of problems) await tell(`${path}: ${problemWords(problem)}`);
  if (more > 0) await tell(`${path}: ${more} more`);
  return problems.length === 0;
}

function problemWords({ nodeId, field, message }: WorkflowProblem): string {
  const place = [
    ...(nodeId === undefined ? [] : [`node ${nodeId}`]),
    ...(field === undefined ? [] : [`field ${field}`]),
  ];
  return place.length === 0 ? message : `${place.join(', ')}: ${message}`;
}
