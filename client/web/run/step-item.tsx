import { CodeBlock } from '../markdown/code-block.tsx';
import { durationOf, jsonOf } from '../parts/value-words.ts';
import { Icon } from '../ui/icon.tsx';
import { looks } from '../graph/node-look.ts';
import type { Step } from './run-steps.ts';

interface StepItemProps {
  readonly step: Step;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}

/** One step in words; what went in and came out is folded, for those whom it is told. */
export function StepItem({ step, isOpen, onToggle }: StepItemProps) {
  const { id, look, inputs, outputs, error } = step;
  const hasMore = inputs !== undefined || outputs !== undefined || error !== undefined;
  return (
    <li className="step" data-look={look} data-node={id} data-inner={id.includes('/') || undefined}>
      {hasMore ? (
        <details open={isOpen} onToggle={(event) => onToggle(event.currentTarget.open)}>
          <summary>
            <StepLine step={step} />
          </summary>
          {error !== undefined && <p className="problem">{error.message}</p>}
          <Values label="Input" values={inputs} />
          <Values label="Output" values={outputs} />
        </details>
      ) : (
        <StepLine step={step} />
      )}
    </li>
  );
}

function StepLine({ step: { title, look, durationMs, branch } }: { readonly step: Step }) {
  const { words, icon } = looks[look];
  return (
    <span className="step-line">
      <span className="step-mark">{icon && <Icon name={icon} />}</span>
      <span className="step-title">{title}</span>
      <span className="step-state">
        {words}
        {branch !== undefined && look === 'finished' && ` · ${branch}`}
        {durationMs !== undefined && look === 'finished' && ` · ${durationOf(durationMs)}`}
      </span>
    </span>
  );
}

function Values({ label, values }: { readonly label: string; readonly values: Step['inputs'] }) {
  if (values === undefined) return null;
  return (
    <>
      <p className="tool-label">{label}</p>
      <CodeBlock language="" text={jsonOf(values)} />
    </>
  );
}
