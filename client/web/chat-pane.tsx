import { useEffect, useState } from 'react';
import type { ChatState, ChatStore } from '../index.ts';
import { nameOfApp } from './catalog.ts';
import { nameless, nameOf } from './chat-name.ts';
import { ChatProblem } from './chat-problem.tsx';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { useDraft } from './draft.ts';
import { useFollowEnd } from './follow-end.ts';
import { StopButton } from './stop-button.tsx';
import { useStore } from './use-store.ts';
import { useWorkspace } from './workspace.ts';

/** One chat: what was said, what is being answered, and where to write. Give the chat's id as the key too. */
export function ChatPane({ chatId }: { readonly chatId: string }) {
  const { openChats } = useWorkspace();
  const [store, setStore] = useState(() => openChats.get(chatId));
  const state = useStore(store);
  useFreshList(store);

  if (state.status === 'deleted' || state.status === 'failed') {
    return <ChatProblem state={state} onRetry={() => setStore(openChats.get(chatId))} />;
  }
  return <LiveChat chatId={chatId} store={store} state={state} />;
}

interface LiveChatProps {
  readonly chatId: string;
  readonly store: ChatStore;
  readonly state: ChatState;
}

function LiveChat({ chatId, store, state }: LiveChatProps) {
  const { catalog } = useWorkspace();
  const [text, setText] = useDraft(chatId);
  const { scroller, isFollowing, toEnd } = useFollowEnd();
  const { view } = state;
  const name = view ? nameOf(view) : nameless;
  const app = nameOfApp(useStore(catalog), view?.chat.app ?? null);

  const send = async (message: string): Promise<void> => {
    toEnd();
    // What becomes of it is shown in the conversation.
    store.send(message).catch(() => {});
  };

  return (
    <section className="pane" aria-label={name}>
      <header className="about">
        <h2>{name}</h2>
        <p>{app}</p>
      </header>
      <div className="scroller" ref={scroller}>
        <Conversation
          store={store}
          state={state}
          onEdit={(unsent) => setText(text === '' ? unsent : `${unsent}\n\n${text}`)}
        />
      </div>
      <div className="to-end">
        {!isFollowing && (
          <button type="button" onClick={toEnd}>
            To the newest
          </button>
        )}
      </div>
      <Composer text={text} onChange={setText} onSend={send}>
        {view?.activeRun && <StopButton key={view.activeRun.id} store={store} />}
      </Composer>
    </section>
  );
}

/** The list of chats tells order and running marks: both change with the messages and runs of this one. */
function useFreshList(store: ChatStore): void {
  const { chats } = useWorkspace();
  useEffect(() => {
    let known = '';
    const look = (): void => {
      const { view, pending } = store.get();
      const now = JSON.stringify([view?.chat.title, view?.activeRun?.id, view?.queue.length, pending.length]);
      if (now !== known) chats.reload();
      known = now;
    };
    look();
    return store.subscribe(look);
  }, [chats, store]);
}
