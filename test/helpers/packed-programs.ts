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

/** A program around the server whose workflow has a program of its own; it prints what that has made. */
export const codeServer = `
import { createServer } from 'switchboard/server';
import { createChatClient } from 'switchboard/client';
import { textOf } from 'switchboard/shared';

const server = await createServer({ port: 0, dataDir: null, logLevel: 'warn' });
const client = createChatClient({ url: server.url });
const node = (id, type, fields = {}) => ({ id, title: id, type, ...fields });
const code = 'function main({ text }) { return { length: text.length } }';
const nodes = [
  node('start', 'start'),
  node('count', 'code', { code, inputs: { text: '{{start.message}}' }, outputs: [{ key: 'length', type: 'number' }] }),
  node('say', 'output', { text: '{{count.length}} letters' }),
  node('end', 'end'),
];
const edges = nodes.slice(1).map(({ id }, index) => ({ from: nodes[index].id, to: id }));
const { id } = await client.api.workflow.create.mutate({ name: 'Count', description: '', definition: { nodes, edges } });
const chat = await client.api.chat.create.mutate({ app: { kind: 'workflow', id } });
const { cursor } = await client.send({ chatId: chat.id, text: 'sixteen letters.' });
for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
  if (event.type === 'message.completed') console.log(textOf(event.message));
  if (event.type === 'run.ended') break;
}
await client.close();
await server.close();
`;

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
