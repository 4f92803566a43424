import { CopyButton } from '../ui/copy-button.tsx';

interface CodeBlockProps {
  /** As the answer names it; empty where it does not. */
  readonly language: string;
  readonly text: string;
}

/** Languages of commands and of plain words. */
const wrapping = new Set(['', 'text', 'sh', 'shell', 'bash', 'zsh', 'console', 'powershell']);

/** Code to read and to take along. Long lines of commands are folded, others scroll sideways, with the arrow keys too. */
export function CodeBlock({ language, text }: CodeBlockProps) {
  return (
    <div className="code" data-wraps={wrapping.has(language) || undefined}>
      <div className="code-head">
        <span>{language || 'text'}</span>
        <CopyButton text={text} label="Copy code" />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
