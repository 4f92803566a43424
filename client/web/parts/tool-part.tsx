import { CodeBlock } from '../markdown/code-block.tsx';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import type { PartOf } from './part-of.ts';
import { durationOf, jsonOf } from './value-words.ts';

type Tool = PartOf<'tool'>;

type Look = Tool['state'] | 'waiting';

const looks: Readonly<Record<Look, { readonly words: string; readonly icon: IconName }>> = {
  waiting: { words: 'waits for your leave', icon: 'wait' },
  running: { words: 'running…', icon: 'tool' },
  done: { words: 'done', icon: 'check' },
  failed: { words: 'failed', icon: 'failed' },
  uncertain: { words: 'cut off: nobody knows whether it took effect', icon: 'question' },
  denied: { words: 'not allowed', icon: 'failed' },
};

/** A tool that was used: how it went, and what went in and came out for whoever unfolds it. */
export function ToolPart({ part }: { readonly part: Tool }) {
  const { name, input, output, error, durationMs } = part;
  const look = lookOf(part);
  const { words, icon } = looks[look];
  return (
    <details className="tool" data-state={look}>
      <summary>
        <Icon name={icon} />
        <span className="tool-name">{name}</span>
        <span className={look === 'running' ? 'at-work' : 'tool-state'}>{words}</span>
        {durationMs !== undefined && <span className="tool-state">{durationOf(durationMs)}</span>}
      </summary>
      {error !== undefined && <p className="problem">{error}</p>}
      {look === 'uncertain' && (
        <p className="soft">It may have done its work or not. Look there yourself before you ask for it again.</p>
      )}
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

/** A call that waits for a person has not begun, although it counts as running. */
function lookOf({ state, inputId }: Tool): Look {
  return state === 'running' && inputId !== undefined ? 'waiting' : state;
}
