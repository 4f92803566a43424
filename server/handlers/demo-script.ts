import { cutText } from '../../shared/text.ts';

/** UTF-16 units of what the person wrote that are quoted back: enough to recognise it, short enough to read past. */
const quotedText = 280;

/** What the demo answers: Markdown that reads well as plain text too. */
export function demoScript(text: string): string {
  return `This is the built-in demo of Switchboard, not a language model: it reads from a script and understands nothing. You wrote:

> ${quoted(text)}

Switchboard stands between people and language models. Your message was stored, this answer is streaming to everyone who watches the chat, and it goes on if you close the window. Reload in the middle of it, open the chat twice, or stop it: nothing is lost.

To talk to a real model, set one of these, with whatever else you start it with, and start the server again:

- \`OPENAI_API_KEY\` for OpenAI
- \`ANTHROPIC_API_KEY\` for Anthropic
- \`OPENAI_BASE_URL\` and \`DEFAULT_MODEL\` for a server of your own

For Ollama, for example:

\`\`\`sh
export OPENAI_BASE_URL=http://127.0.0.1:11434/v1
export DEFAULT_MODEL=openai:llama3.2
\`\`\`

vLLM (port 8000) and LM Studio (port 1234) work the same way, with the name of the model that they serve.`;
}

/** On one line, so that it stays one quotation. */
function quoted(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const cut = cutText(line, quotedText);
  return cut.length < line.length ? `${cut}…` : cut;
}
