import { lazy, Suspense, useCallback, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Attachment } from '../../index.ts';
import { useCatalog, useChat } from '../../react.tsx';
import { useAnswer } from '../ask/use-answer.ts';
import { useAttachments } from '../files/use-attachments.ts';
import { shownRunOf } from '../run/shown-run.ts';
import { nameOfApp } from '../start/apps.ts';
import { announce } from '../ui/announcements.tsx';
import { Icon } from '../ui/icon.tsx';
import { PlainOnError } from '../ui/plain-on-error.tsx';
import { nameOf } from './chat-name.ts';
import { ChatHead } from './chat-head.tsx';
import { ChatProblem } from './chat-problem.tsx';
import { ChatComposer } from './chat-composer.tsx';
import { Conversation } from './conversation.tsx';
import { useDraft } from './draft.ts';
import { useFollowEnd } from './follow-end.ts';
import { useFoundMessage } from './found-message.ts';
import { FoundNote } from './found-note.tsx';
import { PaneHead } from './pane-head.tsx';

/** For chats with workflows alone. */
const RunView = lazy(() => import('../run/run-view.tsx'));

interface ChatPaneProps {
  readonly chatId: string;
  /** Brought into view; null: the newest. */
  readonly messageId: string | null;
  /** What stands at the left of the head on a phone. */
  readonly toggle: ReactNode;
}

/** One chat: what was said, what is being answered, and where to write. Give the chat's id as the key too. */
export function ChatPane({ chatId, messageId, toggle }: ChatPaneProps) {
  const chat = useChat(chatId);
  const name = nameOf(chat.chat, chat.messages, chat.earlier.has);
  useEffect(() => {
    document.title = `${name} · Switchboard`;
  }, [name]);

  if (chat.status === 'deleted' || chat.status === 'failed') {
    return (
      <>
        <PaneHead toggle={toggle} />
        <ChatProblem chat={chat} />
      </>
    );
  }
  return <LiveChat chatId={chatId} messageId={messageId} chat={chat} name={name} toggle={toggle} />;
}

interface LiveChatProps extends ChatPaneProps {
  readonly chat: ReturnType<typeof useChat>;
  readonly name: string;
}

function LiveChat({ chatId, messageId, chat, name, toggle }: LiveChatProps) {
  const app = nameOfApp(useCatalog(), chat.chat?.app ?? null);
  const [text, setText] = useDraft(chatId);
  const attachments = useAttachments(chatId);
  const { scroller, isFollowing, toEnd, bringIntoView } = useFollowEnd();
  const found = useFoundMessage({ chat, messageId, scroller, onShow: bringIntoView });
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a touch screen it would bring up the keyboard, over what one came to read.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, []);

  const { send } = chat;
  const sendAndFollow = useCallback(
    (message: string, isSteering = false, files: readonly Attachment[] = []): void => {
      toEnd();
      const options = {
        ...(isSteering && { onBusy: 'steer' as const }),
        ...(files.length > 0 && { attachments: files }),
      };
      // What becomes of it is shown in the conversation.
      send(message, options).catch(() => {});
    },
    [send, toEnd],
  );
  /** After what had the focus is gone. On a touch screen the field would bring up the keyboard. */
  const focusComposer = useCallback((): void => {
    const isTouch = !matchMedia('(pointer: fine)').matches;
    (isTouch ? field.current?.form : field.current)?.focus();
  }, []);
  const withdraw = async (runId: string): Promise<void> => {
    await chat.withdraw(runId);
    announce('Withdrawn');
    focusComposer();
  };
  const answer = useAnswer(chat);
  const run = shownRunOf(chat);
  const stop = async (): Promise<void> => {
    const isOneWaiting = chat.queue.length > 0;
    await chat.stop();
    if (isOneWaiting) announce('Stopped. What waits is paused.');
  };
  const edit = (unsent: string, files: readonly Attachment[]): void => {
    attachments.restore(files);
    setText(text === '' ? unsent : `${unsent}\n\n${text}`);
    field.current?.focus();
  };

  return (
    <section className="pane" aria-label={name}>
      <ChatHead chat={chat} name={name} app={app} toggle={toggle} />
      <FoundNote state={found} onSelect={() => chat.selectBranch(messageId ?? '')} />
      {run && (
        <PlainOnError plain={null}>
          <Suspense>
            <RunView key={run.runId} run={run} />
          </Suspense>
        </PlainOnError>
      )}
      {/* Reached by Tab, so that the arrow keys scroll it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroller" ref={scroller} tabIndex={0} role="group" aria-label="Conversation">
        <Conversation
          chat={chat}
          onSend={sendAndFollow}
          onEdit={edit}
          onWithdraw={withdraw}
          onAnswer={answer}
          onLeave={focusComposer}
        />
      </div>
      <div className="to-end">
        {!isFollowing && (
          <button type="button" className="quiet" aria-label="To the newest" title="To the newest" onClick={toEnd}>
            <Icon name="down" />
          </button>
        )}
      </div>
      <ChatComposer
        chat={chat}
        field={field}
        text={text}
        attachments={attachments}
        onChange={setText}
        onSend={sendAndFollow}
        onAnswer={answer}
        onStop={stop}
      />
    </section>
  );
}
