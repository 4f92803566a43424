import { useCallback, useState } from 'react';
import { useClient, useReloadCatalog } from '../../react.tsx';
import type { WorkflowDetails } from '../../../shared/workflow.ts';
import type { WorkflowSettings } from '../../../shared/workflow-settings.ts';
import { leaveFor, workflowsAddress } from '../route.ts';
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
  const { value, problem } = useAsked(load);
  /** Since it was loaded. */
  const [newest, setNewest] = useState<WorkflowDetails | null>(null);
  const [isBehind, setBehind] = useState(false);
  if (problem !== null) {
    return (
      <p className="problem" role="alert">
        The workflow could not be loaded: {problem} <a href={workflowsAddress()}>Your workflows</a>
      </p>
    );
  }
  if (value === null) return <p className="note loading">Loading…</p>;
  const before = newest ?? value.before;
  /** Whoever has changed it elsewhere meanwhile loses nothing unseen. */
  const update = async (last: WorkflowDetails, settings: WorkflowSettings): Promise<number> => {
    const { id: workflowId, version: ifVersion } = last;
    try {
      const updated = await api.workflow.update.mutate({ workflowId, ifVersion, ...settings });
      setNewest(updated);
      setBehind(false);
      return updated.version;
    } catch (reason) {
      const now = await api.workflow.get.query({ workflowId }).catch(() => last);
      setNewest(now);
      setBehind(now.version > ifVersion);
      throw reason;
    }
  };
  const save = async (name: string, description: string, definition: unknown): Promise<void> => {
    const settings = { name, description, definition: definition as {} };
    if (before === null) {
      const { id } = await api.workflow.create.mutate(settings);
      announce('Saved');
      leaveFor(workflowsAddress(id));
    } else {
      announce(`Saved as version ${await update(before, settings)}`);
    }
    reloadCatalog();
  };
  const initial = before
    ? { name: before.name, description: before.description, text: textOf(before.definition) }
    : first;
  return <WorkflowForm initial={initial} before={before} isBehind={isBehind} onSave={save} />;
}
