import { useRef } from 'react';
import { Icon } from '../ui/icon.tsx';

interface AttachButtonProps {
  /** Absent: for the message. */
  readonly label?: string;
  readonly onFiles: (files: Iterable<File>) => void;
}

/** Lets a person choose files. */
export function AttachButton({ label = 'Attach files', onFiles }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="plain-button attach"
        aria-label={label}
        title="Attach images or text files"
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // So that the same file can be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}
