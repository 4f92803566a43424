/** A server with a model, a handler and users of your own: `npx node test/examples/own-server.ts`. */
import assert from 'node:assert/strict';
import { SimpleChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseMessage } from '@langchain/core/messages';
import { createChatClient } from 'switchboard/client';
import { createServer } from 'switchboard/server';
import type { ChatHandler } from 'switchboard/server';
import { textOf } from 'switchboard/shared';

/** Any chat model of LangChain will do: that of a provider's package, or a class of your own such as this. */
class Parrot extends SimpleChatModel {
  _llmType(): string {
    return 'parrot';
  }
  async _call(messages: BaseMessage[]): Promise<string> {
    return `${messages.at(-1)?.text}! Polly wants a cracker.`;
  }
}

/** Answers in place of the workflow engine. It needs no model: what it yields is the answer, as it comes. */
const countdown: ChatHandler = {
  async *run({ text }) {
    for (let n = Number(text); n > 0; n -= 1) yield { type: 'text', text: `${n} … ` };
    yield { type: 'text', text: 'lift-off' };
  },
};

const server = await createServer({
  port: 0, // any free one
  dataDir: null, // in memory
  logLevel: 'warn',
  models: { 'own:parrot': new Parrot({}) },
  defaultModel: 'own:parrot',
  handlers: { workflow: countdown },
  authenticate: (token) => (token === 'open sesame' ? { id: 'ali' } : null),
});

// That was the server. A client asks both of them.
const client = createChatClient({ url: server.url, token: 'open sesame' });
const [workflow] = (await client.api.workflow.list.query()).workflows;
assert.ok(workflow);
const withCountdown = await client.api.chat.create.mutate({ app: { kind: 'workflow', id: workflow.id } });
const withParrot = await client.api.chat.create.mutate({});
assert.equal(await answerIn(withParrot.id, 'Hello'), 'Hello! Polly wants a cracker.');
assert.equal(await answerIn(withCountdown.id, '3'), '3 … 2 … 1 … lift-off');
console.log('the parrot and the countdown have answered');
await client.close();
await server.close();

async function answerIn(chatId: string, text: string): Promise<string> {
  const { cursor } = await client.send({ chatId, text });
  for await (const event of client.stream({ chatId, lastEventId: cursor })) {
    if (event.type === 'message.completed') return textOf(event.message);
  }
  throw new Error('the chat was deleted');
}
