import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { useCatalog, useChats } from '../../react.tsx';
import type { App } from '../../../shared/chat.ts';
import { Composer } from '../chat/composer.tsx';
import { useDraft } from '../chat/draft.ts';
import { useAttachments } from '../files/use-attachments.ts';
import { PaneHead } from '../chat/pane-head.tsx';
import { AppChoice } from './app-choice.tsx';
import { optionsOf } from './apps.ts';
import { GuideQuestions } from './guide-questions.tsx';
import { ModelProblem } from './model-problem.tsx';
import { useStart } from './start-chat.ts';

interface NewChatProps {
  /** What stands at the left of the head on a phone. */
  readonly toggle: ReactNode;
}

/** A chat that does not exist yet: it is created with its first message. */
export function NewChat({ toggle }: NewChatProps) {
  const catalog = useCatalog();
  const options = useMemo(() => (catalog ? optionsOf(catalog) : []), [catalog]);
  const [app, setApp] = useState<App | null>(null);
  const chosen = options.find((option) => option.app.id === app?.id) ?? options[0];
  const [text, setText] = useDraft(null);
  const attachments = useAttachments(null);
  const { create } = useChats();
  const start = useStart(chosen?.app ?? null, create);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    document.title = 'Switchboard';
    field.current?.focus();
  }, []);
  const take = (question: string): void => {
    field.current?.focus();
    if (text.trim() !== '') {
      setText(`${text.trimEnd()}\n\n${question}`);
      return;
    }
    // The form sends what the field says.
    flushSync(() => setText(question));
    field.current?.form?.requestSubmit();
  };

  return (
    <section className="pane" aria-label="New chat">
      <PaneHead toggle={toggle} />
      <div className="welcome">
        <h1 className={chosen ? undefined : 'late'}>{chosen ? (chosen.guideWord ?? chosen.name) : 'New chat'}</h1>
        <Composer field={field} text={text} attachments={attachments} onChange={setText} onSend={start}>
          {chosen?.model && <span className="model">{chosen.model}</span>}
        </Composer>
        <GuideQuestions questions={chosen?.guideQuestions ?? []} onTake={take} />
        <ModelProblem />
        {options.length > 0 && <AppChoice options={options} chosen={chosen} onChoose={setApp} />}
      </div>
    </section>
  );
}
