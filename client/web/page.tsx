import { useEffect, useState } from 'react';
import { ChatList } from './chat-list.tsx';
import { ChatPane } from './chat-pane.tsx';
import { ConnectionLine } from './connection-line.tsx';
import { DemoBanner } from './demo-banner.tsx';
import { NewChat } from './new-chat.tsx';
import { useRoute } from './route.ts';
import { useWorkspace } from './workspace.ts';

/** The chats on the left, the one that is chosen on the right; on a phone one of the two. */
export function Page() {
  const { openChats } = useWorkspace();
  const chatId = useRoute();
  const [isListOpen, setListOpen] = useState(false);
  useEffect(() => openChats.closeOthers(chatId), [openChats, chatId]);

  return (
    <div className="page" data-list={isListOpen ? 'open' : 'closed'}>
      <header className="top">
        <button
          type="button"
          className="quiet list-toggle"
          aria-expanded={isListOpen}
          aria-controls="chats"
          onClick={() => setListOpen(!isListOpen)}
        >
          Chats
        </button>
        <h1>Switchboard</h1>
        <ConnectionLine />
      </header>
      <ChatList chatId={chatId} onChoose={() => setListOpen(false)} />
      <main>
        <DemoBanner />
        {chatId === null ? <NewChat /> : <ChatPane key={chatId} chatId={chatId} />}
      </main>
    </div>
  );
}
