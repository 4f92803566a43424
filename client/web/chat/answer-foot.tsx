import type { Message } from '../../../shared/message.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { FeedbackBar } from './feedback-bar.tsx';
import type { MessageActions } from './message-actions.ts';
import { RegenerateButton } from './regenerate-button.tsx';
import { VersionSwitch } from './version-switch.tsx';
import { wordsOf } from './words-of.ts';

const numbers = new Intl.NumberFormat('en');

interface AnswerFootProps {
  readonly message: Message;
  /** Null: it can only be read. */
  readonly actions: MessageActions | null;
}

/** Under an answer: what can be done with it, which model wrote it, and what it took. The place is kept while it grows. */
export function AnswerFoot({ message, actions }: AnswerFootProps) {
  const { id, status, model, usage, siblings } = message;
  const versions = actions && siblings && <VersionSwitch siblings={siblings} onSelect={actions.selectBranch} />;
  if (status === 'streaming') return <div className="foot">{versions}</div>;
  const words = wordsOf(message);
  // Whether the count arrives is nothing that whoever copies has asked for.
  const countCopy = () => void actions?.giveFeedback(id, { copied: true }).catch(() => {});
  const tokens = usage && `${usage.source === 'estimated' ? 'about ' : ''}${numbers.format(usage.outputTokens)} tokens`;
  const spent = usage && `${numbers.format(usage.inputTokens)} tokens in, ${numbers.format(usage.outputTokens)} out`;
  return (
    <div className="foot">
      {versions}
      {words !== '' && <CopyButton text={words} label="Copy the answer" onCopied={countCopy} />}
      {actions && (
        <>
          <RegenerateButton onRegenerate={() => actions.regenerate(id)} />
          <FeedbackBar key={id} feedback={message.feedback} onGive={(change) => actions.giveFeedback(id, change)} />
        </>
      )}
      {model !== undefined && <span>{model}</span>}
      {usage && <span title={usage.source === 'estimated' ? `${spent}, estimated` : spent}>{tokens}</span>}
    </div>
  );
}
