/** A newcomer's first client; without annotations, so that it is JavaScript too. */
export function firstClient(url: string): string {
  return `
import { createChatClient } from 'switchboard/client';
import { textOf } from 'switchboard/shared';

const client = createChatClient({ url: '${url}' });
const chat = await client.api.chat.create.mutate({});
const question = 'Is anybody there?';
const { cursor, runId } = await client.send({ chatId: chat.id, text: question });
let answer = '';
for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
  if (event.type === 'message.delta' && event.kind === 'text') answer += event.text;
  if (event.type === 'run.ended' && event.runId === runId) break;
}
const { messages } = await client.api.chat.history.query({ chatId: chat.id });
console.log(answer, messages.map(textOf).at(-1) === answer ? 'as it is stored' : 'but stored is another one');
await client.close();
`;
}

export const component = `
import { createChatClient } from 'switchboard/client';
import { ChatProvider, useChat, useChats } from 'switchboard/react';

const client = createChatClient({ url: 'http://127.0.0.1:3000' });

export function App() {
  return (
    <ChatProvider client={client}>
      <Newest />
    </ChatProvider>
  );
}

function Newest() {
  const [newest] = useChats().chats;
  return newest ? <Conversation chatId={newest.id} /> : <p>No chat yet.</p>;
}

function Conversation({ chatId }: { chatId: string }) {
  const chat = useChat(chatId);
  return (
    <>
      {chat.messages.map((message) => (
        <p key={message.id}>{message.role}</p>
      ))}
      {chat.activeRun && <button onClick={() => void chat.stop()}>Stop</button>}
      <button onClick={() => void chat.send('Hello')}>Greet</button>
    </>
  );
}
`;

/** For whoever brings tRPC along. */
export const trpcClient = `
import { createTRPCClient, httpLink } from '@trpc/client';
import type { AppRouter } from 'switchboard/router';

const trpc = createTRPCClient<AppRouter>({ links: [httpLink({ url: 'http://127.0.0.1:3000/trpc' })] });
const chat = await trpc.chat.create.mutate({ title: 'Mine' });
export const title: string | null = chat.title;
`;
