import { useConnection } from '../../react.tsx';
import { useSignOut } from '../account/sign-out.ts';
import { describeConnection } from '../trouble/connection-words.ts';
import { assistantsAddress, usageAddress, workflowsAddress } from '../route.ts';
import { Icon } from '../ui/icon.tsx';
import { keyNames } from '../ui/shortcuts.ts';

interface ListFootProps {
  readonly isArchive: boolean;
  readonly onArchive: (isArchive: boolean) => void;
  readonly onHelp: () => void;
  /** On a phone the list covers the rest. */
  readonly onChoose: () => void;
}

/** Under the list: how the link to the server is, the archive, and the keys. */
export function ListFoot({ isArchive, onArchive, onHelp, onChoose }: ListFootProps) {
  const { look, words } = describeConnection(useConnection());
  const signOut = useSignOut();
  return (
    <div className="chats-foot">
      <p className="connection" data-state={look}>
        {words}
      </p>
      <a
        className="button plain-button"
        href={assistantsAddress()}
        aria-label="Your assistants"
        title="Your assistants"
        onClick={onChoose}
      >
        <Icon name="tool" />
      </a>
      <a
        className="button plain-button"
        href={workflowsAddress()}
        aria-label="Your workflows"
        title="Your workflows"
        onClick={onChoose}
      >
        <Icon name="flow" />
      </a>
      <a
        className="button plain-button"
        href={usageAddress}
        aria-label="Your usage"
        title="Your usage"
        onClick={onChoose}
      >
        <Icon name="usage" />
      </a>
      <button
        type="button"
        className="plain-button"
        aria-pressed={isArchive}
        aria-label="Archive"
        title="Archive"
        onClick={() => onArchive(!isArchive)}
      >
        <Icon name="archive" />
      </button>
      <button
        type="button"
        className="plain-button"
        aria-label="Keyboard shortcuts"
        title={`Keyboard shortcuts (${keyNames.help})`}
        onClick={onHelp}
      >
        <Icon name="keys" />
      </button>
      {signOut && (
        <button type="button" className="plain-button" aria-label="Sign out" title="Sign out" onClick={signOut}>
          <Icon name="leave" />
        </button>
      )}
    </div>
  );
}
