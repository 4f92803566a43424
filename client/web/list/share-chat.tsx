import { useState } from 'react';
import { sharedAddress } from '../route.ts';
import { announce } from '../ui/announcements.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Modal } from '../ui/modal.tsx';
import type { ChatChanges } from './chat-menu.tsx';

interface ShareChatProps {
  /** Under which it is shared already. */
  readonly shareId: string | null;
  readonly changes: Pick<ChatChanges, 'share' | 'unshare'>;
  readonly onClose: () => void;
}

/** Lets others read a chat, shows where, and ends that. */
export function ShareChat({ shareId: known, changes, onClose }: ShareChatProps) {
  const [shareId, setShareId] = useState(known);
  const { isBusy, problem, attempt } = useAttempt();
  const share = (): void => void attempt(async () => setShareId(await changes.share()));
  const unshare = (): void =>
    void attempt(changes.unshare).then((isDone) => {
      if (!isDone) return;
      announce('Not shared any more');
      onClose();
    });
  return (
    <Modal title="Share this chat" onClose={onClose}>
      <p>
        Whoever has the link reads everything that is said in this chat, also what is said later, until you stop
        sharing. Unless this server is set up otherwise they need not sign in. Nobody else can write in it.
      </p>
      {shareId !== null && <ShareLink address={sharedAddress(shareId)} />}
      {problem !== null && (
        <p className="problem" role="alert">
          {shareId === null ? 'Not shared' : 'Still shared'}: {problem}
        </p>
      )}
      <form method="dialog" className="actions">
        {shareId === null ? (
          <>
            <button type="submit" className="quiet">
              Cancel
            </button>
            <button type="button" disabled={isBusy} onClick={share}>
              Make a link
            </button>
          </>
        ) : (
          <>
            <button type="button" className="quiet" disabled={isBusy} onClick={unshare}>
              Stop sharing
            </button>
            <button type="submit">Done</button>
          </>
        )}
      </form>
    </Modal>
  );
}

function ShareLink({ address }: { readonly address: string }) {
  return (
    <div className="share-link">
      <input
        readOnly
        // What was pressed to make it is gone.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        aria-label="Link to this chat"
        value={address}
        onFocus={(event) => event.target.select()}
      />
      <CopyButton text={address} label="Copy the link" />
    </div>
  );
}
