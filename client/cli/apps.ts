import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { Refused } from './ending.ts';

/** What can answer in a chat. */
export interface AppChoice {
  readonly app: Chat['app'];
  readonly name: string;
  readonly description: string;
}

/** Assistants first, as the server sorts them. */
export async function listApps(client: ChatClient): Promise<AppChoice[]> {
  const [{ assistants }, { workflows }] = await Promise.all([
    client.api.assistant.list.query({ limit: 100 }),
    client.api.workflow.list.query({ limit: 100 }),
  ]);
  return [
    ...assistants.map(({ id, name, description }) => ({ app: { kind: 'assistant' as const, id }, name, description })),
    ...workflows.map(({ id, name, description }) => ({ app: { kind: 'workflow' as const, id }, name, description })),
  ];
}

/** By number in the list, from 1, by name or by id; upper and lower case are the same. Errors: `Refused`. */
export function chooseApp(apps: readonly AppChoice[], wanted: string, where: string): AppChoice {
  const same = (text: string): boolean => text.toLowerCase() === wanted.toLowerCase();
  const found = apps.find(({ app, name }) => same(app.id) || same(name)) ?? apps[Number(wanted) - 1];
  if (found) return found;
  const names = apps.map(({ name }) => name).join(', ');
  throw new Refused(`${where}: expected an assistant or workflow (${names}), got ${JSON.stringify(wanted)}`);
}

/** One line for each, numbered from 1. */
export function appLines(apps: readonly AppChoice[]): string {
  const width = Math.max(...apps.map(({ name }) => name.length));
  const line = ({ app, name, description }: AppChoice, index: number): string =>
    `  ${index + 1}  ${name.padEnd(width)}  ${app.kind === 'workflow' ? 'workflow: ' : ''}${description}`.trimEnd();
  return apps.map(line).join('\n');
}
