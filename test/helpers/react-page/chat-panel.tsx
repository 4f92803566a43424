import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import { useChat } from '../../../client/react.tsx';
import { textOf } from '../../../shared/message.ts';

/** Shows everything that `useChat` tells. */
export function ChatPanel({ name, chatId }: { readonly name: string; readonly chatId: string }): ReactElement {
  const chat = useChat(chatId);
  const { send, stop, withdraw, discard, rename, archive, remove, reopen, earlier } = chat;
  const { edit, regenerate, selectBranch, giveFeedback, editQueued, moveQueued, respond, resume } = chat;
  const ofMessages = [send, discard, edit, regenerate, selectBranch, giveFeedback, respond, earlier.load];
  const ofQueue = [stop, withdraw, resume, editQueued, moveQueued];
  const functions = [...ofMessages, ...ofQueue, rename, archive, remove, reopen];
  useEffect(() => {
    globalThis.controls.mounted += 1;
  }, []);
  useEffect(() => {
    globalThis.controls.chat[name] = chat;
  });
  return (
    <section data-chat={name} data-status={chat.status} data-earlier={earlier.has ? 'has' : 'none'}>
      <h2>{chat.chat?.title}</h2>
      <p data-error>{chat.error?.code}</p>
      <p data-ended>{chat.lastEnded?.status}</p>
      <p data-active>{chat.activeRun ? 'answering' : 'idle'}</p>
      <ol>
        {chat.messages.map((message) => (
          <li key={message.id} data-role={message.role} data-status={message.status}>
            {textOf(message)}
          </li>
        ))}
      </ol>
      <ul data-queue>
        {chat.queue.map((run) => (
          <li key={run.id}>{run.text}</li>
        ))}
      </ul>
      <ul data-pending>
        {chat.pending.map(({ messageId, text, status }) => (
          <li key={messageId} data-status={status}>
            {text.slice(0, 100)}
          </li>
        ))}
      </ul>
      <Changes functions={functions} />
    </section>
  );
}

/** How often one of the functions became another. */
function Changes({ functions }: { readonly functions: readonly unknown[] }): ReactElement {
  const output = useRef<HTMLOutputElement>(null);
  const last = useRef(functions);
  const count = useRef(0);
  useEffect(() => {
    if (functions.some((each, index) => each !== last.current[index])) count.current += 1;
    last.current = functions;
    if (output.current) output.current.textContent = String(count.current);
  }, [functions]);
  return <output ref={output} />;
}
