import { Modal } from './modal.tsx';
import { keyNames } from './shortcuts.ts';

const keys: readonly (readonly [keys: string, what: string])[] = [
  ['Enter', 'Send the message'],
  ['Shift+Enter', 'Begin a new line'],
  ['Escape', 'Stop the answer; close a menu or a dialog'],
  [keyNames.newChat, 'New chat'],
  [keyNames.search, 'Search the chats'],
  [keyNames.save, 'Save what is edited'],
  [keyNames.help, 'Show these shortcuts'],
];

export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose}>
      <dl className="shortcuts">
        {keys.map(([name, what]) => (
          <div key={name}>
            <dt>{what}</dt>
            <dd>
              <kbd>{name}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <form method="dialog" className="actions">
        <button type="submit">Close</button>
      </form>
    </Modal>
  );
}
