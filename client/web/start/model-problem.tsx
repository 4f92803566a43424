import { useCatalog } from '../../react.tsx';
import { missingVariable } from '../trouble/explain.ts';
import { Command } from '../ui/command.tsx';

/** Says before anybody writes that the model cannot answer as the server was started, and what to do about it. */
export function ModelProblem() {
  const model = useCatalog()?.models[0];
  if (!model?.problem) return null;
  const variable = missingVariable(model.problem);
  return (
    <div className="model-problem" role="note" aria-label="The model cannot answer yet">
      <div>
        <p>
          <strong>{model.id} cannot answer yet.</strong> The server says: {model.problem}.
        </p>
        {variable !== null && (
          <p>
            Add this to what you start the server with: <Command text={`${variable}=…`} />
          </p>
        )}
      </div>
    </div>
  );
}
