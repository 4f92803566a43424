import { useRef, useState } from 'react';
import type { Message } from '../../../shared/message.ts';
import { MessageFiles } from '../files/message-files.tsx';
import { Icon } from '../ui/icon.tsx';
import type { MessageActions } from './message-actions.ts';
import { TextEditor } from './text-editor.tsx';
import { VersionSwitch } from './version-switch.tsx';
import { filesIn, wordsOf } from './words-of.ts';

interface UserMessageProps {
  readonly message: Message;
  /** Null: it can only be read. */
  readonly actions: MessageActions | null;
}

/** What a person wrote, as they wrote it. */
export function UserMessage({ message, actions }: UserMessageProps) {
  if (actions) return <OwnMessage message={message} actions={actions} />;
  return (
    <li className="message" data-role="user" data-status={message.status}>
      <span className="unseen">Person:</span>
      <Said message={message} />
    </li>
  );
}

/** Where there are files there may be no words. */
function Said({ message }: { readonly message: Message }) {
  const words = wordsOf(message);
  return (
    <>
      <MessageFiles files={filesIn(message)} />
      {words !== '' && <div className="text">{words}</div>}
    </>
  );
}

interface OwnMessageProps {
  readonly message: Message;
  readonly actions: MessageActions;
}

/** Edited, it gets a sibling and that an answer. */
function OwnMessage({ message, actions }: OwnMessageProps) {
  const { id, status, siblings } = message;
  // By its id, because another version may come in its place.
  const [edited, setEdited] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isEdited = edited === id;
  const close = (isSaved: boolean): void => {
    setEdited(null);
    if (isSaved) actions.onLeave();
    else button.current?.focus();
  };

  return (
    <li className="message" data-role="user" data-status={status} data-message={id}>
      <span className="unseen">You:</span>
      {isEdited ? (
        <TextEditor
          label="Edited message"
          text={wordsOf(message)}
          onSave={(text) => actions.edit(id, text)}
          onClose={close}
        />
      ) : (
        <Said message={message} />
      )}
      <div className="foot">
        {siblings && <VersionSwitch siblings={siblings} onSelect={actions.selectBranch} />}
        <button
          ref={button}
          type="button"
          className="plain-button"
          aria-label="Edit the message"
          title="Edit the message"
          aria-expanded={isEdited}
          onClick={() => setEdited(isEdited ? null : id)}
        >
          <Icon name="pencil" />
        </button>
      </div>
    </li>
  );
}
