import type { ReactElement } from 'react';
import type { ChatClient } from '../../../../client/index.ts';
import {
  ChatProvider,
  useCatalog,
  useChat,
  useChats,
  useConnection,
  useSharedChat,
} from '../../../../client/react.tsx';

/** Uses every hook at once. */
export function App({ client }: { readonly client: ChatClient }): ReactElement {
  return (
    <ChatProvider client={client}>
      <Everything />
    </ChatProvider>
  );
}

function Everything(): ReactElement {
  const { status } = useChat('a');
  const shared = useSharedChat('a').status;
  const { isLoading } = useChats();
  const connection = useConnection().status;
  const catalog = useCatalog() === null ? 'unknown' : 'known';
  return (
    <p>{`chat ${status}, shared ${shared}, list ${isLoading ? 'loading' : 'there'}, ${connection}, catalog ${catalog}`}</p>
  );
}
