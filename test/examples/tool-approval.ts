/** An assistant with a tool of your own, which a person has to allow: `npx node test/examples/tool-approval.ts`. */
import assert from 'node:assert/strict';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseMessage } from '@langchain/core/messages';
import { AIMessage, ToolMessage } from '@langchain/core/messages';
import { createChatClient } from 'switchboard/client';
import { createServer, defineTool } from 'switchboard/server';
import { textOf } from 'switchboard/shared';
import { z } from 'zod';

const booked: { seats: number }[] = [];

const bookTable = defineTool({
  name: 'book_table',
  description: 'Books a table in the restaurant.',
  schema: z.object({ seats: z.number().int().min(1) }),
  readOnly: false,
  approval: true, // nothing is booked until somebody says so
  execute: ({ seats }) => {
    booked.push({ seats });
    return { table: 7 };
  },
});

/** Stands in for a real model, so that this runs without a key: it books, and then tells what it was told. */
class Waiter extends BaseChatModel {
  _llmType(): string {
    return 'waiter';
  }
  override bindTools() {
    return this.withConfig({}); // a real one takes the definitions of the tools along
  }
  async _generate(messages: BaseMessage[]) {
    const last = messages.at(-1);
    const message = ToolMessage.isInstance(last)
      ? new AIMessage(`The answer was ${last.text}.`)
      : new AIMessage({ content: '', tool_calls: [{ id: 'call', name: 'book_table', args: { seats: 2 } }] });
    return { generations: [{ text: message.text, message }] };
  }
}

const server = await createServer({
  port: 0, // any free one
  dataDir: null, // in memory
  logLevel: 'warn',
  models: { 'own:waiter': new Waiter({}) },
  defaultModel: 'own:waiter',
  tools: [bookTable],
});

const client = createChatClient({ url: server.url });
const { id } = await client.api.assistant.create.mutate({ name: 'Waiter', tools: [{ name: 'book_table' }] });
const chat = await client.create({ app: { kind: 'assistant', id } });

// While it waits nothing runs: the question may be answered in a month, by another tab, after a restart.
const { cursor } = await client.send({ chatId: chat.id, text: 'A table for two, please.' });
for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
  if (event.type === 'message.part' && event.value.type === 'tool') {
    console.log(event.value.name, event.value.state, JSON.stringify(event.value.input));
  }
  if (event.type === 'input.requested') {
    assert.equal(event.input.prompt, 'May book_table be called?');
    assert.deepEqual(booked, []);
    // `deny`, with a `reason`, is the other answer; `input` takes the place of the model's arguments.
    const value = { decision: 'approve', input: { seats: 3 } };
    await client.respond({ chatId: chat.id, inputId: event.input.id, value });
  }
  if (event.type === 'message.completed') console.log(textOf(event.message));
  if (event.type === 'run.ended') break;
}
assert.deepEqual(booked, [{ seats: 3 }]);

const { messages } = await client.api.chat.history.query({ chatId: chat.id });
const call = messages.at(-1)?.parts.find((part) => part.type === 'tool');
assert.ok(call?.type === 'tool');
assert.equal(call.state, 'done');
assert.deepEqual([call.input, call.output], [{ seats: 3 }, { table: 7 }]);
await client.close();
await server.close();
