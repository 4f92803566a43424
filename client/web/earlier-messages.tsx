import { useState } from 'react';
import { infoOf } from '../index.ts';
import type { Message } from '../../shared/message.ts';
import { MessageItem } from './message-item.tsx';
import { useWorkspace } from './workspace.ts';

interface EarlierMessagesProps {
  readonly chatId: string;
  /** Where the messages end that are shown anyway. A new one means another end: give it as the key too. */
  readonly cursor: string;
}

/** What was said before the newest page, a page at a time when it is asked for. */
export function EarlierMessages({ chatId, cursor }: EarlierMessagesProps) {
  const { client } = useWorkspace();
  const [loaded, setLoaded] = useState<{ messages: readonly Message[]; cursor: string | null }>({
    messages: [],
    cursor,
  });
  const [error, setError] = useState<string | null>(null);

  const load = async (from: string): Promise<void> => {
    setError(null);
    try {
      const page = await client.api.chat.history.query({ chatId, cursor: from });
      const older = page.messages as Message[];
      setLoaded(({ messages }) => ({ messages: [...older, ...messages], cursor: page.nextCursor }));
    } catch (reason) {
      setError(infoOf(reason).message);
    }
  };

  return (
    <>
      {loaded.cursor !== null && (
        <button type="button" className="quiet" onClick={() => void load(loaded.cursor ?? cursor)}>
          Show earlier messages
        </button>
      )}
      {error !== null && (
        <p className="problem" role="alert">
          {error}
        </p>
      )}
      <ol aria-label="Earlier messages">
        {loaded.messages.map((message) => (
          <MessageItem key={message.id} message={message} />
        ))}
      </ol>
    </>
  );
}
