/** A graph of LangGraph as a workflow, which asks before it acts: `npx node test/examples/graph-workflow.ts`. */
import assert from 'node:assert/strict';
import { AIMessage } from '@langchain/core/messages';
import { END, interrupt, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { createChatClient } from 'switchboard/client';
import { createServer } from 'switchboard/server';
import type { WorkflowQuestion } from 'switchboard/server';
import { textOf } from 'switchboard/shared';

/** What a node adds as a message of an AI is said in the chat; a model's tokens would be, as they come. */
const say = (text: string) => ({ messages: [new AIMessage(text)] });

const graph = new StateGraph(MessagesAnnotation)
  .addNode('read', ({ messages }) => say(`You want ${messages.at(-1)?.text} back.`))
  // A question has a node of its own: LangGraph begins it anew with the answer.
  .addNode('ask', () => {
    const verdict = interrupt<WorkflowQuestion, string>({ prompt: 'Pay it?', options: ['yes', 'no'] });
    return say(verdict === 'yes' ? 'It is paid.' : 'It is not paid.');
  })
  .addEdge(START, 'read')
  .addEdge('read', 'ask')
  .addEdge('ask', END);

const server = await createServer({
  port: 0, // any free one
  dataDir: null, // in memory; in a folder or a database of your own the question waits over restarts
  logLevel: 'warn',
  workflows: { refund: { name: 'Refund', description: 'Pays back what a person allows.', graph } },
});

// That was the server. A person chats with it like with any workflow.
const client = createChatClient({ url: server.url });
const { workflows } = await client.api.workflow.list.query();
const refund = workflows.find(({ name }) => name === 'Refund');
assert.ok(refund);
const { id: chatId } = await client.api.chat.create.mutate({ app: { kind: 'workflow', id: refund.id } });
const { cursor } = await client.send({ chatId, text: '12 euros' });
for await (const event of client.stream({ chatId, lastEventId: cursor })) {
  if (event.type === 'input.requested') {
    console.log(event.input.prompt);
    await client.respond({ chatId, inputId: event.input.id, value: 'yes' });
  }
  if (event.type === 'message.completed') {
    const answer = textOf(event.message);
    console.log(answer);
    assert.match(answer, /^You want 12 euros back\.\s+It is paid\.$/);
    break;
  }
}
await client.close();
await server.close();
