import { useCallback } from 'react';
import { useClient, useReloadCatalog } from '../../react.tsx';
import { workflowsAddress } from '../route.ts';
import { announce } from '../ui/announcements.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { textOf } from './definition-text.ts';
import { templates } from './templates.ts';
import { WorkflowForm } from './workflow-form.tsx';
import type { WorkflowValues } from './workflow-form.tsx';

const first: WorkflowValues = { name: '', description: '', text: textOf(templates[0]?.definition) };

/** Makes a workflow, or a new version of one. */
export function WorkflowEditor({ workflowId }: { readonly workflowId: string | null }) {
  const { api } = useClient();
  const reloadCatalog = useReloadCatalog();
  const load = useCallback(
    async () => ({ before: workflowId === null ? null : await api.workflow.get.query({ workflowId }) }),
    [api, workflowId],
  );
  const { value, problem, ask } = useAsked(load);
  // What is written stays when only the question after a save has failed.
  if (value === null && problem !== null) {
    return (
      <p className="problem" role="alert">
        The workflow could not be loaded: {problem} <a href={workflowsAddress()}>Your workflows</a>
      </p>
    );
  }
  if (value === null) return <p className="note loading">Loading…</p>;
  const { before } = value;
  const save = async (name: string, description: string, definition: unknown): Promise<void> => {
    const settings = { name, description, definition };
    if (before === null) {
      const { id } = await api.workflow.create.mutate(settings);
      announce('Saved');
      location.hash = workflowsAddress(id);
    } else {
      // Whoever has changed it elsewhere meanwhile loses nothing unseen.
      const { version } = await api.workflow.update.mutate({
        workflowId: before.id,
        ifVersion: before.version,
        ...settings,
      });
      announce(`Saved as version ${version}`);
      ask();
    }
    reloadCatalog();
  };
  const initial = before
    ? { name: before.name, description: before.description, text: textOf(before.definition) }
    : first;
  return <WorkflowForm initial={initial} before={before} onSave={save} />;
}
