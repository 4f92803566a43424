import { useId } from 'react';
import type { Ref } from 'react';

interface JsonFieldProps {
  readonly label: string;
  readonly text: string;
  /** Why it cannot be read. */
  readonly mistake: string | null;
  readonly onChange: (text: string) => void;
  readonly field?: Ref<HTMLTextAreaElement>;
}

/** A value that is written as JSON, with what is wrong about it. */
export function JsonField({ label, text, mistake, onChange, field }: JsonFieldProps) {
  const mistakeId = useId();
  return (
    <>
      <label className="labelled">
        {label}
        <textarea
          ref={field}
          className="json"
          spellCheck={false}
          value={text}
          aria-invalid={mistake !== null}
          aria-describedby={mistake === null ? undefined : mistakeId}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      {mistake !== null && (
        <p id={mistakeId} className="problem" role="alert">
          {mistake}
        </p>
      )}
    </>
  );
}
