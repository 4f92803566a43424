/** Control: bare ws, the tokens taken from the message stream of langchain's agent graph. */
import { ChatOpenAI } from '@langchain/openai';
import { createAgent } from 'langchain';
import { serveBare } from './bare-socket.ts';
import { providerUrl } from './environment.ts';

const model = new ChatOpenAI({ model: 'bench', apiKey: 'none', configuration: { baseURL: providerUrl() } });
const agent = createAgent({ model, tools: [] });

await serveBare(async function* (text, signal) {
  const stream = await agent.stream(
    { messages: [{ role: 'user', content: text }] },
    { streamMode: 'messages', signal },
  );
  for await (const [message] of stream) if (message.text !== '') yield message.text;
});
