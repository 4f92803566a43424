import type { Message } from '../../../shared/message.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { wordsOf } from './words-of.ts';

const numbers = new Intl.NumberFormat('en');

/** Under an answer: copy it, which model wrote it, and what it took. The place is kept while it grows. */
export function AnswerFoot({ message }: { readonly message: Message }) {
  const { status, model, usage } = message;
  if (status === 'streaming') return <div className="foot" />;
  const words = wordsOf(message);
  const tokens = usage && `${usage.source === 'estimated' ? 'about ' : ''}${numbers.format(usage.outputTokens)} tokens`;
  const spent = usage && `${numbers.format(usage.inputTokens)} tokens in, ${numbers.format(usage.outputTokens)} out`;
  return (
    <div className="foot">
      {words !== '' && <CopyButton text={words} label="Copy the answer" />}
      {model !== undefined && <span>{model}</span>}
      {usage && <span title={usage.source === 'estimated' ? `${spent}, estimated` : spent}>{tokens}</span>}
    </div>
  );
}
