import { useId } from 'react';
import { chosenOf, textOfChosen } from './form-fields.ts';
import type { FormInputProps } from './form-input.tsx';
import { FieldMistake } from './form-input.tsx';

/** A field of a form that takes several of the values that its schema lists. */
export function ChoicesField({ field: { label, hint, options, isRequired }, text, mistake, onChange }: FormInputProps) {
  const id = useId();
  const chosen = chosenOf(text);
  const choose = (place: number, isChosen: boolean): void =>
    onChange(textOfChosen(isChosen ? [...chosen, place] : chosen.filter((other) => other !== place)));
  return (
    <fieldset className="choices-field" aria-describedby={`${id}-about`}>
      <legend>{isRequired ? `${label} (required)` : label}</legend>
      {options.map(({ value, label: name }, place) => (
        <label key={JSON.stringify(value)} className="ticked">
          <input
            type="checkbox"
            checked={chosen.includes(place)}
            aria-invalid={mistake !== null}
            onChange={(event) => choose(place, event.target.checked)}
          />
          {name}
        </label>
      ))}
      <FieldMistake id={`${id}-about`} hint={hint} mistake={mistake} />
    </fieldset>
  );
}
