import type { App } from '../../shared/chat.ts';
import type { Catalog } from './catalog.ts';

interface AppChoiceProps {
  readonly catalog: Catalog;
  readonly app: App;
  readonly onChoose: (app: App) => void;
}

/** Which assistant or workflow a new chat is with. */
export function AppChoice({ catalog, app, onChoose }: AppChoiceProps) {
  const apps = [
    ...catalog.assistants.map(({ id, name, description }) => ({ kind: 'assistant' as const, id, name, description })),
    ...catalog.workflows.map(({ id, name, description }) => ({ kind: 'workflow' as const, id, name, description })),
  ];
  const chosen = apps.find(({ id }) => id === app.id);
  const options = (kind: App['kind']) =>
    apps
      .filter((entry) => entry.kind === kind)
      .map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ));
  const choose = (id: string): void => {
    const entry = apps.find((candidate) => candidate.id === id);
    if (entry) onChoose({ kind: entry.kind, id: entry.id });
  };

  return (
    <div className="app-choice">
      <label>
        Chat with{' '}
        <select value={app.id} onChange={(event) => choose(event.target.value)}>
          <optgroup label="Assistants">{options('assistant')}</optgroup>
          {catalog.workflows.length > 0 && <optgroup label="Workflows">{options('workflow')}</optgroup>}
        </select>
      </label>
      <p>{chosen?.description}</p>
    </div>
  );
}
