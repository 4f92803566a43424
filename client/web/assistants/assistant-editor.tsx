import { useCallback } from 'react';
import { useCatalog, useClient, useReloadCatalog } from '../../react.tsx';
import { assistantsAddress, leaveFor } from '../route.ts';
import { announce } from '../ui/announcements.tsx';
import { AssistantForm } from './assistant-form.tsx';
import { noValues, settingsOf, valuesOf } from './form-values.ts';
import type { FormValues } from './form-values.ts';
import { useAsked } from '../ui/use-asked.ts';

/** Makes an assistant, or changes one. */
export function AssistantEditor({ assistantId }: { readonly assistantId: string | null }) {
  const { api } = useClient();
  const models = useCatalog()?.models ?? [];
  const reloadCatalog = useReloadCatalog();
  const tools = useAsked(useCallback(() => api.tool.list.query(), [api]));
  const load = useCallback(
    async () => (assistantId === null ? { before: null } : { before: await api.assistant.get.query({ assistantId }) }),
    [api, assistantId],
  );
  const { value, problem } = useAsked(load);

  if (problem !== null) {
    return (
      <p className="problem" role="alert">
        The assistant could not be loaded: {problem} <a href={assistantsAddress()}>Your assistants</a>
      </p>
    );
  }
  if (value === null) return <p className="note loading">Loading…</p>;
  const { before } = value;
  const save = async (values: FormValues): Promise<void> => {
    const settings = settingsOf(values);
    if (before === null) await api.assistant.create.mutate(settings);
    // Whoever has changed it elsewhere meanwhile loses nothing unseen.
    else await api.assistant.update.mutate({ assistantId: before.id, ifVersion: before.version, ...settings });
    reloadCatalog();
    announce('Saved');
    leaveFor(assistantsAddress());
  };
  return (
    <AssistantForm initial={before ? valuesOf(before) : noValues} models={models} tools={tools.value} onSave={save} />
  );
}
