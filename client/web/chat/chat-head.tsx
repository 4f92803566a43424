import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { UseChat } from '../../react.tsx';
import { ChatMenu } from '../list/chat-menu.tsx';
import { goTo } from '../route.ts';
import { PaneHead } from './pane-head.tsx';

interface ChatHeadProps {
  readonly chat: UseChat;
  readonly name: string;
  /** Which assistant or workflow answers. */
  readonly app: string;
  readonly toggle: ReactNode;
}

/** Which chat this is, and what can be done with it as a whole. */
export function ChatHead({ chat, name, app, toggle }: ChatHeadProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const { rename, archive, share, unshare, remove } = chat;
  const changes = useMemo(
    () => ({ rename, archive, share, unshare, remove: () => remove().then(() => goTo(null)) }),
    [rename, archive, share, unshare, remove],
  );
  return (
    <PaneHead
      toggle={toggle}
      menu={chat.chat && <ChatMenu chat={chat.chat} changes={changes} onProblem={setProblem} />}
    >
      {/* Until it is known it has a name for those who hear the page, and leaves the place empty for the others. */}
      <h1 className={chat.chat ? undefined : 'unseen'}>{name}</h1>
      <p>
        {app}
        {chat.chat?.archivedAt && <span className="badge">archived</span>}
      </p>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </PaneHead>
  );
}
