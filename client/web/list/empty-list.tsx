import type { UseChats } from '../../react.tsx';

interface EmptyListProps {
  readonly list: UseChats;
  readonly search: string;
  readonly isArchive: boolean;
}

/** What a list says that has nothing to show, or that could not be loaded. */
export function EmptyList({ list, search, isArchive }: EmptyListProps) {
  if (list.error) {
    return (
      <p className="note" role="alert">
        The list could not be loaded: {list.error.message}{' '}
        <button type="button" className="link" onClick={list.reload}>
          Try again
        </button>
      </p>
    );
  }
  if (list.isLoading || list.chats.length > 0) return null;
  if (search !== '') return <p className="note">No chat has “{search}” in its title or messages.</p>;
  return <p className="note">{isArchive ? 'Nothing is archived.' : 'Your chats will be listed here.'}</p>;
}
