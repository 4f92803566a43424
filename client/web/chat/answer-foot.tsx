import type { Message } from '../../../shared/message.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import type { MessageActions } from './message-actions.ts';
import { RegenerateButton } from './regenerate-button.tsx';
import { VersionSwitch } from './version-switch.tsx';
import { wordsOf } from './words-of.ts';

const numbers = new Intl.NumberFormat('en');

interface AnswerFootProps {
  readonly message: Message;
  readonly actions: MessageActions;
}

/** Under an answer: its versions, copy, another one, which model wrote it, and what it took. The place is kept while it grows. */
export function AnswerFoot({ message, actions }: AnswerFootProps) {
  const { id, status, model, usage, siblings } = message;
  const versions = siblings && <VersionSwitch siblings={siblings} onSelect={actions.selectBranch} />;
  if (status === 'streaming') return <div className="foot">{versions}</div>;
  const words = wordsOf(message);
  const tokens = usage && `${usage.source === 'estimated' ? 'about ' : ''}${numbers.format(usage.outputTokens)} tokens`;
  const spent = usage && `${numbers.format(usage.inputTokens)} tokens in, ${numbers.format(usage.outputTokens)} out`;
  return (
    <div className="foot">
      {versions}
      {words !== '' && <CopyButton text={words} label="Copy the answer" />}
      <RegenerateButton onRegenerate={() => actions.regenerate(id)} />
      {model !== undefined && <span>{model}</span>}
      {usage && <span title={usage.source === 'estimated' ? `${spent}, estimated` : spent}>{tokens}</span>}
    </div>
  );
}
