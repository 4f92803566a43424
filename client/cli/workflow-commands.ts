import type { Command } from 'commander';
import { environmentHelp, exitCodeHelp, exitCodes } from './exit-codes.ts';
import { addServerOptions } from './session-options.ts';
import type { ServerOptions } from './session-options.ts';
import { quitWhenUnread } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import type { ListWorkflowsOptions, RunWorkflowOptions } from './workflow.ts';

/** `switchboard workflow`: validate, run and list. */
export function addWorkflow(program: Command, terminal: Terminal): Command {
  const group = program
    .command('workflow')
    .description('check a workflow in a file, run it, or list those that there are')
    .addHelpText('after', help + exitCodeHelp + environmentHelp);
  for (const add of [addValidate, addRun, addList])
    addServerOptions(add(group, terminal)).exitOverride(({ exitCode }) =>
      process.exit(exitCode === 0 ? 0 : exitCodes.refused),
    );
  return group;
}

const help = `
Examples:
  switchboard workflow validate flow.json
  switchboard workflow run flow.json "What is it about?" --param tone=kind --param count=3
  printf 'Ann\\n2\\n' | switchboard workflow run flow.json
  generate-flow | switchboard workflow validate -
  switchboard workflow list --mine

What a run asks is answered like in switchboard chat: at a terminal, or by the lines of a pipe. Files are named by their
paths, in the JSON of a pipe too. validate ends with 0 when the workflow can run, and with 1 when it has problems, one a
line on stdout.
`;

function addValidate(group: Command, terminal: Terminal): Command {
  return group
    .command('validate')
    .description('tell everything that keeps a workflow from running, each with its node and field')
    .argument('<file>', 'the definition, as JSON; - reads it from stdin')
    .action(async (file: string, options: ServerOptions) => {
      quitWhenUnread(terminal);
      const { validateFile } = await import('./workflow.ts');
      terminal.exit(await validateFile(file, options, terminal));
    });
}

function addRun(group: Command, terminal: Terminal): Command {
  return group
    .command('run')
    .description('run a workflow, answer its questions, print what it says')
    .argument('<file>', 'the definition, as JSON; - reads it from stdin')
    .argument('[words...]', 'the message that it starts with')
    .option('--param <key=value>', 'for a variable of its start; more than once for several', gathered, [])
    .option('--reasoning', 'show the reasoning on stderr, also where that is no terminal')
    .action(async (file: string, words: string[], options: RunWorkflowOptions) => {
      quitWhenUnread(terminal);
      const { runFile } = await import('./workflow.ts');
      terminal.exit(await runFile(file, words.join(' '), options, terminal));
    });
}

function addList(group: Command, terminal: Terminal): Command {
  return group
    .command('list')
    .description('list your workflows and the published ones, with their ids')
    .option('--mine', 'only your own')
    .option('--json', 'print one JSON object a line')
    .action(async (options: ListWorkflowsOptions) => {
      quitWhenUnread(terminal);
      const { listWorkflows } = await import('./workflow.ts');
      terminal.exit(await listWorkflows(options, terminal));
    });
}

function gathered(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
