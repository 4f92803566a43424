import { useId } from 'react';
import type { ReactNode } from 'react';

/** What ties a field to its hint and its problem, for those who hear the page. */
interface FieldTies {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

interface FormFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly problem: string | undefined;
  /** Draws the field. */
  readonly children: (ties: FieldTies) => ReactNode;
}

/** A field with its name over it, and under it what to know and what is wrong. */
export function FormField({ label, hint, problem, children }: FormFieldProps) {
  const id = useId();
  return (
    <div className="labelled">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': problem !== undefined })}
      <div id={`${id}-about`}>
        {hint !== undefined && <p className="field-hint">{hint}</p>}
        {problem !== undefined && <p className="problem">{problem}</p>}
      </div>
    </div>
  );
}
