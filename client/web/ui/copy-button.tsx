import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

/** Milliseconds for which the button says what became of it. */
const saidMs = 2_000;

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  readonly onCopied?: () => void;
}

export function CopyButton({ text, label, onCopied }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'Copied' | 'Not copied' | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => setOutcome(null), saidMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    const isCopied = await copyText(text);
    setOutcome(isCopied ? 'Copied' : 'Not copied');
    if (isCopied) onCopied?.();
  };

  return (
    <span className="copy">
      <button type="button" className="plain-button" aria-label={label} title={label} onClick={() => void copy()}>
        <Icon name={outcome === 'Copied' ? 'check' : 'copy'} />
      </button>
      <span role="status" className="copied">
        {outcome}
      </span>
    </span>
  );
}
