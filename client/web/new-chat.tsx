import { useRef, useState } from 'react';
import type { App } from '../../shared/chat.ts';
import { newId } from '../../shared/new-id.ts';
import type { ChatId } from '../../shared/ids.ts';
import { AppChoice } from './app-choice.tsx';
import { firstWords, nameless } from './chat-name.ts';
import { Composer } from './composer.tsx';
import { useDraft } from './draft.ts';
import { goTo } from './route.ts';
import { useStore } from './use-store.ts';
import { useWorkspace } from './workspace.ts';

/** A chat that does not exist yet: it is created with its first message. */
export function NewChat() {
  const { catalog } = useWorkspace();
  const known = useStore(catalog);
  const [chosen, setChosen] = useState<App | null>(null);
  const [text, setText] = useDraft(null);
  const start = useStart(chosen);
  const field = useRef<HTMLTextAreaElement>(null);
  const take = (question: string): void => {
    setText(question);
    field.current?.focus();
  };
  const first = known?.assistants[0];
  const app = chosen ?? (first ? { kind: 'assistant' as const, id: first.id } : null);
  const assistant = app?.kind === 'assistant' ? known?.assistants.find(({ id }) => id === app.id) : undefined;

  return (
    <section className="pane" aria-label={nameless}>
      <div className="welcome">
        <h2>{assistant?.guideWord ?? nameless}</h2>
        {known && app && <AppChoice catalog={known} app={app} onChoose={setChosen} />}
        {assistant && assistant.guideQuestions.length > 0 && (
          <ul className="questions" aria-label="Questions to start with">
            {assistant.guideQuestions.map((question) => (
              <li key={question}>
                <button type="button" className="quiet" onClick={() => take(question)}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <Composer autoFocus field={field} text={text} onChange={setText} onSend={start} />
    </section>
  );
}

/**
 * Creates the chat, sends its first message and shows it. A second try after an answer that never came creates nothing
 * twice, because it names the same chat; another app means another chat.
 */
function useStart(app: App | null): (text: string) => Promise<void> {
  const { client, openChats } = useWorkspace();
  const tried = useRef<{ readonly app: App | null; readonly chatId: ChatId } | null>(null);
  return async (text) => {
    if (tried.current === null || tried.current.app !== app) tried.current = { app, chatId: newId() };
    const { chatId } = tried.current;
    await client.api.chat.create.mutate({ chatId, title: firstWords(text), ...(app && { app }) });
    // What becomes of the message is shown in the chat.
    openChats
      .get(chatId)
      .send(text)
      .catch(() => {});
    goTo(chatId);
  };
}
