import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

/** Milliseconds for which the button says what became of it. */
const saidMs = 2_000;

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'Copied' | 'Not copied' | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => setOutcome(null), saidMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => void copyText(text).then((isCopied) => setOutcome(isCopied ? 'Copied' : 'Not copied'));

  return (
    <span className="copy">
      <button type="button" className="plain-button" aria-label={label} title={label} onClick={copy}>
        <Icon name={outcome === 'Copied' ? 'check' : 'copy'} />
      </button>
      <span role="status" className="copied">
        {outcome}
      </span>
    </span>
  );
}
