import type { ReactNode } from 'react';
import type { RunError } from '../../../shared/message.ts';
import { Command } from '../ui/command.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Explanation } from './explain.ts';

interface TroubleProps {
  readonly explanation: Explanation;
  /** What the server says about it. */
  readonly error?: RunError | undefined;
  /** What can be done about it here. */
  readonly children?: ReactNode;
}

/** An answer that failed: what happened, in the server's words too, and what to do next. */
export function Trouble({ explanation, error, children }: TroubleProps) {
  const { title, advice, command } = explanation;
  return (
    <div className="trouble">
      <Icon name="failed" />
      <div>
        <p className="trouble-title">{title}</p>
        {error && (
          <p className="said">
            {error.message} <code>{error.code}</code>
          </p>
        )}
        {advice !== null && <p>{advice}</p>}
        {command !== undefined && <Command text={command} />}
        {children}
      </div>
    </div>
  );
}
