import { lazy, Suspense, useState } from 'react';
import type { Chat } from '../../../shared/chat.ts';
import { nameInList } from '../chat/chat-name.ts';
import { useClient } from '../../react.tsx';
import { announce } from '../ui/announcements.tsx';
import { problemOf } from '../ui/attempt.ts';
import { Menu } from '../ui/menu.tsx';
import type { MenuItem } from '../ui/menu.tsx';
import { DeleteChat } from './delete-chat.tsx';
import { downloadChat } from './download-chat.ts';
import { RenameChat } from './rename-chat.tsx';
import { ShareChat } from './share-chat.tsx';

/** For those who ask for it. */
const ChatUsage = lazy(() => import('../usage/chat-usage.tsx').then(({ ChatUsage }) => ({ default: ChatUsage })));

/** What a person can do to a chat as a whole. Each rejects with the server's error. */
export interface ChatChanges {
  readonly rename: (title: string) => Promise<void>;
  readonly archive: (archived: boolean) => Promise<void>;
  /** Resolves to the id under which others may read it. */
  readonly share: () => Promise<string>;
  readonly unshare: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

interface ChatMenuProps {
  readonly chat: Chat;
  readonly changes: ChatChanges;
  /** Told in words what did not work. */
  readonly onProblem: (problem: string) => void;
}

export function ChatMenu({ chat, changes, onProblem }: ChatMenuProps) {
  const [dialog, setDialog] = useState<'rename' | 'share' | 'usage' | 'delete' | null>(null);
  const { api } = useClient();
  const isArchived = chat.archivedAt !== null;
  const title = nameInList(chat);
  const close = (): void => setDialog(null);
  const archive = (): void =>
    void changes.archive(!isArchived).then(
      () => announce(isArchived ? 'Taken out of the archive' : 'Archived'),
      (reason: unknown) => onProblem(`Not moved: ${problemOf(reason)}`),
    );
  const remove = (): Promise<void> => changes.remove().then(() => announce('Deleted'));
  const download = (format: 'markdown' | 'json'): void =>
    void downloadChat(api, chat.id, format).then(
      () => announce('Exported'),
      (reason: unknown) => onProblem(`Not exported: ${problemOf(reason)}`),
    );
  const items: readonly MenuItem[] = [
    { label: 'Rename', icon: 'pencil', onSelect: () => setDialog('rename') },
    { label: 'Share', icon: 'share', onSelect: () => setDialog('share') },
    { label: 'Export as Markdown', icon: 'save', onSelect: () => download('markdown') },
    { label: 'Export as JSON', icon: 'save', onSelect: () => download('json') },
    { label: 'Usage', icon: 'usage', onSelect: () => setDialog('usage') },
    { label: isArchived ? 'Take out of the archive' : 'Archive', icon: 'archive', onSelect: archive },
    { label: 'Delete', icon: 'trash', isDangerous: true, onSelect: () => setDialog('delete') },
  ];

  return (
    <>
      <Menu label={`Actions for ${title}`} items={items} />
      {dialog === 'rename' && <RenameChat title={title} onRename={changes.rename} onClose={close} />}
      {dialog === 'share' && <ShareChat shareId={chat.shareId ?? null} changes={changes} onClose={close} />}
      {dialog === 'usage' && (
        <Suspense>
          <ChatUsage chatId={chat.id} onClose={close} />
        </Suspense>
      )}
      {dialog === 'delete' && <DeleteChat title={title} onDelete={remove} onClose={close} />}
    </>
  );
}
