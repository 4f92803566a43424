import { useId, useState } from 'react';
import type { RefObject } from 'react';
import type { Attachment } from '../../index.ts';
import { useCatalog } from '../../react.tsx';
import type { UseChat } from '../../react.tsx';
import { TextQuestion } from '../ask/text-question.tsx';
import type { Answer } from '../ask/use-answer.ts';
import type { Attachments } from '../files/use-attachments.ts';
import { Composer } from './composer.tsx';
import { SteerChoice } from './steer-choice.tsx';
import { canSteer } from './steering.ts';
import { StopButton } from './stop-button.tsx';

interface ChatComposerProps {
  readonly chat: UseChat;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  /** @param isSteering whether the message is for the answer that is being written */
  readonly onSend: (text: string, isSteering: boolean, files: readonly Attachment[]) => void;
  readonly attachments: Attachments;
  readonly onAnswer: Answer;
  readonly onStop: () => Promise<void>;
}

/** Where one writes in a chat: the next message, something for the answer under way, or the answer to a question. */
export function ChatComposer(props: ChatComposerProps) {
  const { chat, text, onChange, field, attachments, onSend, onAnswer, onStop } = props;
  const { activeRun, pendingInput } = chat;
  const catalog = useCatalog();
  const questionId = useId();
  // By the run, because the choice ends with it.
  const [steered, setSteered] = useState<string | null>(null);
  const isOffered = canSteer(chat, catalog);
  const isSteering = isOffered && steered === activeRun?.id;
  const asked = pendingInput?.kind === 'text' ? pendingInput : null;
  return (
    <Composer
      field={field}
      text={text}
      onChange={onChange}
      attachments={asked ? undefined : attachments}
      onSend={asked ? onAnswer : async (message, files) => onSend(message, isSteering, files)}
      placeholder={asked ? 'Write the answer' : wordsFor(activeRun !== null, isSteering)}
      describedBy={asked ? questionId : undefined}
      above={asked && <TextQuestion key={asked.id} id={questionId} question={asked} field={field} />}
    >
      {isOffered && (
        <SteerChoice
          isChosen={isSteering}
          onChoose={(isChosen) => setSteered(isChosen ? (activeRun?.id ?? null) : null)}
        />
      )}
      {activeRun && <StopButton key={activeRun.id} onStop={onStop} />}
    </Composer>
  );
}

function wordsFor(isActive: boolean, isSteering: boolean): string {
  if (isSteering) return 'Write on; this answer takes it up';
  return isActive ? 'Write on; it waits for its turn' : 'Write a message';
}
