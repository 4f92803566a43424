import { CopyButton } from './copy-button.tsx';

/** A line for the terminal, to copy. */
export function Command({ text }: { readonly text: string }) {
  return (
    <span className="command">
      <code>{text}</code>
      <CopyButton text={text} label={`Copy the command ${text}`} />
    </span>
  );
}
