import { useRef, useState } from 'react';
import { limits } from '../../../shared/limits.ts';
import { saveFile } from '../ui/save-file.ts';

interface DefinitionFileProps {
  /** What the file is called. */
  readonly name: string;
  readonly text: string;
  /** What is in the editor then; undo brings back what was there. */
  readonly onTake: (text: string) => void;
}

/** Takes the definition out of a file, and saves it as one. */
export function DefinitionFile({ name, text, onTake }: DefinitionFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const open = async (file: File): Promise<void> => {
    const isTaken = file.size <= limits.frameBytes;
    setTrouble(isTaken ? null : `${file.name} has ${file.size} bytes; a definition has at most ${limits.frameBytes}.`);
    if (isTaken) onTake(await file.text());
  };
  return (
    <div className="templates" role="group" aria-label="As a file">
      <button type="button" className="quiet" onClick={() => input.current?.click()}>
        Open a file
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File with a definition"
        accept=".json,application/json"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void open(file);
          // So that the same file can be chosen again.
          target.value = '';
        }}
      />
      <button
        type="button"
        className="quiet"
        onClick={() => saveFile(new Blob([text], { type: 'application/json' }), `${name || 'workflow'}.json`)}
      >
        Save as a file
      </button>
      {trouble !== null && (
        <p className="problem" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}
