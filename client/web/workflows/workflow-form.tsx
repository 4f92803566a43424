import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useClient } from '../../react.tsx';
import { limits } from '../../../shared/limits.ts';
import type { WorkflowDetails } from '../../../shared/workflow.ts';
import { useTryIt } from '../own-apps/try-it.ts';
import { workflowsAddress } from '../route.ts';
import { announce } from '../ui/announcements.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { FormField } from '../ui/form-field.tsx';
import { saveOnKey } from '../ui/shortcuts.ts';
import { Unsaved } from '../ui/unsaved.tsx';
import { DefinitionFile } from './definition-file.tsx';
import { textOf } from './definition-text.ts';
import { DefinitionField } from './definition-field.tsx';
import { isSameJson } from './same-json.ts';
import { selectLine } from './select-line.ts';
import { TemplateChoice } from './template-choice.tsx';
import { typeWhole } from './type-text.ts';
import { useProblems } from './use-problems.ts';
import { VersionList } from './version-list.tsx';

/** A workflow as it stands in the form. */
export interface WorkflowValues {
  readonly name: string;
  readonly description: string;
  /** The definition, as it is written. */
  readonly text: string;
}

interface WorkflowFormProps {
  readonly initial: WorkflowValues;
  /** The newest version; null: it is new. */
  readonly before: WorkflowDetails | null;
  /** Whether that was saved elsewhere, after this one was begun. */
  readonly isBehind: boolean;
  /** Rejects with the server's error. */
  readonly onSave: (name: string, description: string, definition: unknown) => Promise<void>;
}

export function WorkflowForm({ initial, before, isBehind, onSave }: WorkflowFormProps) {
  const [values, setValues] = useState(initial);
  const [saved, setSaved] = useState(initial);
  const { name, description, text } = values;
  const set = (change: Partial<WorkflowValues>): void => setValues((values) => ({ ...values, ...change }));
  const { api } = useClient();
  const { isBusy, problem, attempt } = useAttempt();
  const { tryIt, trouble } = useTryIt('workflow');
  const checked = useProblems(text);
  const isSaved = before !== null && isSameJson(checked.read?.value, before.definition);
  const field = useRef<HTMLTextAreaElement>(null);
  const take = (text: string): void => typeWhole(field.current, text);
  const restore = async (version: number): Promise<void> => {
    if (before === null) return;
    const { definition } = await api.workflow.get.query({ workflowId: before.id, version });
    take(textOf(definition));
    announce(
      `Version ${version} is in the editor. ${version === before.version ? '' : 'Save it to make it the newest.'}`,
    );
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const [first] = checked.problems;
    if (checked.read === null) selectLine(field.current, first?.line ?? 1);
    else if (!isBusy)
      void attempt(() => onSave(name, description, checked.read?.value)).then((isDone) => isDone && setSaved(values));
  };
  const isChanged = name !== saved.name || description !== saved.description || text !== saved.text;

  return (
    <>
      <form className="workflow-form" onSubmit={onSubmit} onKeyDown={saveOnKey}>
        <div className="form-row">
          <FormField label="Name" problem={undefined}>
            {(ties) => (
              <input
                {...ties}
                required
                maxLength={limits.assistantName}
                value={name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </FormField>
          <FormField label="Description" problem={undefined}>
            {(ties) => (
              <input
                {...ties}
                maxLength={limits.assistantDescription}
                value={description}
                onChange={(event) => set({ description: event.target.value })}
              />
            )}
          </FormField>
        </div>
        {before === null && <TemplateChoice onTake={(template) => take(textOf(template.definition))} />}
        <DefinitionFile name={name} text={text} onTake={take} />
        <DefinitionField text={text} checked={checked} field={field} onChange={(text) => set({ text })} />
        <div role="alert">
          {problem !== null && (
            <p className="problem">Not saved: {isBehind ? wordsForBehind(before?.version) : problem}</p>
          )}
          {trouble !== null && <p className="problem">{trouble}</p>}
        </div>
        <div className="actions">
          {before && (
            <button type="button" className="quiet" onClick={() => tryIt(before.id)}>
              {isSaved ? 'Try it' : 'Try it as it was saved'}
            </button>
          )}
          <a className="button quiet" href={workflowsAddress()}>
            {before ? 'Back' : 'Cancel'}
          </a>
          <button type="submit" aria-disabled={isBusy}>
            {before ? 'Save a new version' : 'Save'}
          </button>
        </div>
        {before && (
          <section className="versions-section" aria-label="Versions of this workflow">
            <h2>Versions</h2>
            <VersionList
              key={before.version}
              workflowId={before.id}
              current={before.version}
              isShown={isSaved}
              onRestore={restore}
            />
          </section>
        )}
      </form>
      <Unsaved isChanged={isChanged} />
    </>
  );
}

/** What was written stays; who saves now knows what comes before it. */
function wordsForBehind(version = 0): string {
  return `version ${version} was saved elsewhere meanwhile. What you have written is still here: save it again to make it the version after that, or restore version ${version} to see it; undo brings yours back.`;
}
