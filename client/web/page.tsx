import { lazy, Suspense, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { unreachable } from '../../shared/errors.ts';
import { ChatPane } from './chat/chat-pane.tsx';
import { ChatList } from './list/chat-list.tsx';
import { goTo, useRoute } from './route.ts';
import type { Route } from './route.ts';
import { NewChat } from './start/new-chat.tsx';
import { Announcements } from './ui/announcements.tsx';
import { ConnectionBanner } from './trouble/connection-banner.tsx';
import { useDrawer } from './ui/drawer.ts';
import { Icon } from './ui/icon.tsx';
import { ShortcutList } from './ui/shortcut-list.tsx';
import { useShortcuts } from './ui/shortcuts.ts';

/** After the first screen, for those who come for it. */
const SharedPane = lazy(() => import('./shared/shared-pane.tsx').then(({ SharedPane }) => ({ default: SharedPane })));

const AssistantsPane = lazy(() =>
  import('./assistants/assistants-pane.tsx').then(({ AssistantsPane }) => ({ default: AssistantsPane })),
);

const UsagePane = lazy(() => import('./usage/usage-pane.tsx').then(({ UsagePane }) => ({ default: UsagePane })));
const WorkflowsPane = lazy(() =>
  import('./workflows/workflows-pane.tsx').then(({ WorkflowsPane }) => ({ default: WorkflowsPane })),
);

/** The chats on the left, the one that is chosen on the right; on a phone the chats are a drawer. */
export function Page() {
  const route = useRoute();
  const chatId = route.kind === 'chat' ? route.chatId : null;
  const toggleButton = useRef<HTMLButtonElement>(null);
  const drawer = useDrawer(toggleButton);
  const [isHelp, setHelp] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLElement>(null);

  useShortcuts({
    newChat: () => {
      drawer.close();
      goTo(null);
    },
    search: () => {
      // A field in a closed drawer takes no focus.
      flushSync(drawer.open);
      searchField.current?.focus();
    },
    help: () => setHelp(true),
  });
  const toggle = (
    <button
      ref={toggleButton}
      type="button"
      className="plain-button list-toggle"
      aria-label="Chats"
      aria-expanded={drawer.isOpen}
      aria-controls="chats"
      onClick={drawer.open}
    >
      <Icon name="list" />
    </button>
  );

  return (
    <div className="page" data-list={drawer.isOpen ? 'open' : 'closed'}>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip the list of chats
      </button>
      <ChatList
        isNew={route.kind === 'new'}
        chatId={chatId}
        searchField={searchField}
        onChoose={drawer.close}
        onHelp={() => setHelp(true)}
      />
      {/* The keyboard has the button in the drawer, and Escape. */}
      <div className="drawer-shade" aria-hidden="true" onClick={drawer.close} />
      <main ref={main} tabIndex={-1} inert={drawer.isOpen}>
        <ConnectionBanner />
        <Pane route={route} toggle={toggle} />
      </main>
      <Announcements />
      {isHelp && <ShortcutList onClose={() => setHelp(false)} />}
    </div>
  );
}

interface PaneProps {
  readonly route: Route;
  readonly toggle: ReactNode;
}

function Pane({ route, toggle }: PaneProps) {
  switch (route.kind) {
    case 'new':
      return <NewChat toggle={toggle} />;
    case 'chat':
      return <ChatPane key={route.chatId} chatId={route.chatId} messageId={route.messageId} toggle={toggle} />;
    case 'assistants':
      return (
        <Suspense>
          <AssistantsPane appId={route.assistantId} toggle={toggle} />
        </Suspense>
      );
    case 'usage':
      return (
        <Suspense>
          <UsagePane toggle={toggle} />
        </Suspense>
      );
    case 'workflows':
      return (
        <Suspense>
          <WorkflowsPane appId={route.workflowId} toggle={toggle} />
        </Suspense>
      );
    case 'shared':
      return (
        <Suspense>
          <SharedPane key={route.shareId} shareId={route.shareId} toggle={toggle} />
        </Suspense>
      );
    default:
      return unreachable(route);
  }
}
