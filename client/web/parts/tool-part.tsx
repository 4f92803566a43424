import { CodeBlock } from '../markdown/code-block.tsx';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import type { PartOf } from './part-of.ts';

type Tool = PartOf<'tool'>;

const states: Readonly<Record<Tool['state'], { readonly words: string; readonly icon: IconName }>> = {
  running: { words: 'running…', icon: 'tool' },
  done: { words: 'done', icon: 'check' },
  failed: { words: 'failed', icon: 'failed' },
  uncertain: { words: 'cut off: nobody knows whether it took effect', icon: 'question' },
  denied: { words: 'not allowed', icon: 'failed' },
};

/** A tool that was used: how it went, and what went in and came out for whoever unfolds it. */
export function ToolPart({ part }: { readonly part: Tool }) {
  const { name, state, input, output, error, durationMs } = part;
  const { words, icon } = states[state];
  return (
    <details className="tool" data-state={state}>
      <summary>
        <Icon name={icon} />
        <span className="tool-name">{name}</span>
        <span className={state === 'running' ? 'at-work' : 'tool-state'}>{words}</span>
        {durationMs !== undefined && <span className="tool-state">{durationOf(durationMs)}</span>}
      </summary>
      {error !== undefined && <p className="problem">{error}</p>}
      <p className="tool-label">Input</p>
      <CodeBlock language="" text={jsonOf(input)} />
      {output !== undefined && (
        <>
          <p className="tool-label">Output</p>
          <CodeBlock language="" text={jsonOf(output)} />
        </>
      )}
    </details>
  );
}

function jsonOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'nothing');
}

function durationOf(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
