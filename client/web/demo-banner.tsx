import { useStore } from './use-store.ts';
import { useWorkspace } from './workspace.ts';

const example = 'OPENAI_BASE_URL=http://127.0.0.1:11434/v1 DEFAULT_MODEL=openai:llama3.2:3b npm start';

/** Says that nobody thinks here yet, and how to change that; gone as soon as a model is connected. */
export function DemoBanner() {
  const { catalog } = useWorkspace();
  const defaultModel = useStore(catalog)?.models[0];
  if (!defaultModel?.demo) return null;
  return (
    <aside className="demo" aria-label="Demo">
      <p>
        <strong>Demo:</strong> no language model is connected. Answers come from a built-in script.
      </p>
      <details>
        <summary>Connect a model</summary>
        <p>Set one of these and start the server again:</p>
        <ul>
          <li>
            <code>OPENAI_API_KEY</code> for OpenAI
          </li>
          <li>
            <code>ANTHROPIC_API_KEY</code> for Anthropic
          </li>
          <li>
            <code>OPENAI_BASE_URL</code> and <code>DEFAULT_MODEL</code> for a server of your own: Ollama, vLLM, LM
            Studio
          </li>
        </ul>
        <p>For Ollama, for example:</p>
        <pre>
          <code>{example}</code>
        </pre>
      </details>
    </aside>
  );
}
