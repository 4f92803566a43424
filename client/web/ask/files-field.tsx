import { useEffect, useId, useRef } from 'react';
import { AttachButton } from '../files/attach-button.tsx';
import { AttachedList } from '../files/attached-list.tsx';
import { useAttachments } from '../files/use-attachments.ts';
import { textOfFiles } from './form-fields.ts';
import type { FormField } from './form-fields.ts';
import { filesOwner } from './use-written.ts';

interface FilesFieldProps {
  readonly questionId: string;
  readonly field: FormField;
  readonly mistake: string | null;
  /** The same at each render. */
  readonly onWrite: (name: string, text: string) => void;
}

/** A field of a form that takes files: they are uploaded as they are chosen. */
export function FilesField({ questionId, field, mistake, onWrite }: FilesFieldProps) {
  const { name, label, hint, isRequired } = field;
  const group = useRef<HTMLFieldSetElement>(null);
  const mistakeId = useId();
  const uploads = useAttachments(filesOwner(questionId, name));
  const { items, add } = uploads;
  useEffect(() => {
    const ids = items.map((item) => (item.state === 'ready' ? item.attachment.fileId : null));
    onWrite(name, textOfFiles(ids));
  }, [items, name, onWrite]);

  return (
    <fieldset
      ref={group}
      className="files-field"
      data-wrong={mistake !== null || undefined}
      aria-describedby={mistake === null ? undefined : mistakeId}
    >
      <legend>{isRequired ? `${label} (required)` : label}</legend>
      {hint !== null && <p className="soft">{hint}</p>}
      <AttachedList
        attachments={uploads}
        onLeave={() => group.current?.querySelector<HTMLElement>('.attach')?.focus()}
      />
      <AttachButton label={`Attach files: ${label}`} onFiles={add} />
      {mistake !== null && (
        <p id={mistakeId} className="problem" role="alert">
          {mistake}
        </p>
      )}
    </fieldset>
  );
}
