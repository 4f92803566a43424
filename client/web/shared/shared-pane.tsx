import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useSharedChat } from '../../react.tsx';
import type { UseSharedChat } from '../../react.tsx';
import { nameOf } from '../chat/chat-name.ts';
import { EarlierMessages } from '../chat/earlier-messages.tsx';
import { FinishedAnswer } from '../chat/finished-answer.tsx';
import { useFollowEnd } from '../chat/follow-end.ts';
import { MessageItem } from '../chat/message-item.tsx';
import { PaneHead } from '../chat/pane-head.tsx';
import { PaneProblem } from '../chat/pane-problem.tsx';
import { SharedUnder } from '../files/shared-under.ts';
import { Icon } from '../ui/icon.tsx';

interface SharedPaneProps {
  readonly shareId: string;
  /** What stands at the left of the head on a phone. */
  readonly toggle: ReactNode;
  /** For a guest: what stands at the right, in place of what the server tells its users only. */
  readonly guestMenu?: ReactNode;
}

/** A chat that somebody has shared, to read, as it goes on. Give the id as the key too. */
export function SharedPane({ shareId, toggle, guestMenu }: SharedPaneProps) {
  const chat = useSharedChat(shareId);
  const name = nameOf(chat.chat, chat.messages, chat.earlier.has);
  useEffect(() => {
    document.title = chat.chat ? `${name} · Switchboard` : 'Switchboard';
  }, [name, chat.chat]);
  if (chat.chat === null && chat.status !== 'loading') {
    return (
      <>
        <PaneHead toggle={toggle} guestMenu={guestMenu} />
        <NothingShared chat={chat} />
      </>
    );
  }
  return (
    <section className="pane" aria-label={`Shared chat: ${name}`}>
      <PaneHead toggle={toggle} guestMenu={guestMenu}>
        <h1 className={chat.chat ? undefined : 'unseen'}>{name}</h1>
        <p>
          <span className="badge">shared chat, to read only</span>
        </p>
      </PaneHead>
      <SharedUnder value={shareId}>
        <Messages chat={chat} />
      </SharedUnder>
      <Foot chat={chat} />
    </section>
  );
}

function Messages({ chat }: { readonly chat: UseSharedChat }) {
  const { scroller, isFollowing, toEnd } = useFollowEnd();
  return (
    <>
      {/* Reached by Tab, so that the arrow keys scroll it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroller" ref={scroller} tabIndex={0} role="group" aria-label="Conversation">
        <div className="conversation" aria-busy={chat.status === 'loading'}>
          {chat.status === 'loading' && <p className="note loading">Loading…</p>}
          <EarlierMessages earlier={chat.earlier} />
          <ol aria-label="Messages">
            {chat.messages.map((message) => (
              <MessageItem key={message.id} message={message} onAskAgain={nothing} actions={null} />
            ))}
          </ol>
          <FinishedAnswer messages={chat.messages} />
        </div>
      </div>
      <div className="to-end">
        {!isFollowing && (
          <button type="button" className="quiet" aria-label="To the newest" title="To the newest" onClick={toEnd}>
            <Icon name="down" />
          </button>
        )}
      </div>
    </>
  );
}

/** Nothing can be asked again here. */
const nothing = (): void => {};

/** In place of where one would write. */
function Foot({ chat: { status, error, reopen } }: { readonly chat: UseSharedChat }) {
  if (status !== 'failed' && status !== 'deleted')
    return <p className="shared-foot">Somebody shares this chat with you. What is said in it shows here at once.</p>;
  const isOver = status === 'deleted' || error?.code === 'NOT_FOUND';
  return (
    <div className="shared-foot" role="alert">
      <p>{isOver ? 'This chat is not shared any more. What you read so far stays until you leave.' : error?.message}</p>
      {!isOver && (
        <button type="button" className="quiet" onClick={reopen}>
          Try again
        </button>
      )}
    </div>
  );
}

function NothingShared({ chat: { status, error, reopen } }: { readonly chat: UseSharedChat }) {
  const isMissing = status === 'deleted' || error?.code === 'NOT_FOUND' || error?.code === 'INVALID_INPUT';
  return (
    <PaneProblem
      title={isMissing ? 'Nothing is shared here.' : 'This chat could not be opened.'}
      advice={isMissing ? 'Sharing may have ended, or the address may be cut off.' : error?.message}
      onRetry={isMissing ? null : reopen}
    />
  );
}
