import { useCallback } from 'react';
import { useClient } from '../../react.tsx';
import { Modal } from '../ui/modal.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { numberWords, tokenWords } from './number-words.ts';

interface ChatUsageProps {
  readonly chatId: string;
  readonly onClose: () => void;
}

/** What all answers of a chat have used together. */
export function ChatUsage({ chatId, onClose }: ChatUsageProps) {
  const { api } = useClient();
  const load = useCallback(() => api.chat.usage.query({ chatId }), [api, chatId]);
  const { value, problem } = useAsked(load);
  return (
    <Modal title="Usage of this chat" onClose={onClose}>
      <div aria-live="polite" aria-busy={value === null && problem === null}>
        {problem !== null && <p className="problem">It could not be loaded: {problem}</p>}
        {value && (
          <dl className="chat-usage">
            <dt>Model calls</dt>
            <dd>{numberWords(value.calls)}</dd>
            <dt>Input tokens</dt>
            <dd>{tokenWords(value.inputTokens, value.source)}</dd>
            <dt>Output tokens</dt>
            <dd>{tokenWords(value.outputTokens, value.source)}</dd>
          </dl>
        )}
        {value?.source === 'estimated' && value.calls > 0 && (
          <p className="field-hint">Numbers with ~ are estimated: the provider has not told all of them.</p>
        )}
      </div>
      <form method="dialog" className="actions">
        <button type="submit">Done</button>
      </form>
    </Modal>
  );
}
