/** Control: bare ws, the provider's stream through `@langchain/openai`. */
import { ChatOpenAI } from '@langchain/openai';
import { serveBare } from './bare-socket.ts';
import { providerUrl } from './environment.ts';

const model = new ChatOpenAI({ model: 'bench', apiKey: 'none', configuration: { baseURL: providerUrl() } });

await serveBare(async function* (text, signal) {
  const stream = await model.stream([{ role: 'user', content: text }], { signal });
  for await (const chunk of stream) if (chunk.text !== '') yield chunk.text;
});
