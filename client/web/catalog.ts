import type { ChatClient } from '../index.ts';
import type { Assistant, Model } from '../../shared/assistant.ts';
import type { App } from '../../shared/chat.ts';
import type { WorkflowSummary } from '../../shared/workflow.ts';

/** What can answer here: the published apps and the models, the default model first. */
export interface Catalog {
  readonly assistants: readonly Assistant[];
  readonly workflows: readonly WorkflowSummary[];
  readonly models: readonly Model[];
}

/** More apps than a select can show with grace. */
const mostApps = 100;

export async function loadCatalog(api: ChatClient['api']): Promise<Catalog> {
  const [{ assistants }, { workflows }, models] = await Promise.all([
    api.assistant.list.query({ limit: mostApps }),
    api.workflow.list.query({ limit: mostApps }),
    api.model.list.query(),
  ]);
  return { assistants, workflows, models };
}

export function nameOfApp(catalog: Catalog | null, app: App | null): string {
  if (app === null) return '';
  const apps = (app.kind === 'assistant' ? catalog?.assistants : catalog?.workflows) ?? [];
  return apps.find(({ id }) => id === app.id)?.name ?? '';
}
