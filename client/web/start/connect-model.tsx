import { Command } from '../ui/command.tsx';
import { Modal } from '../ui/modal.tsx';

const ways: readonly { readonly name: string; readonly command: string }[] = [
  { name: 'OpenAI', command: 'OPENAI_API_KEY=sk-…' },
  { name: 'Anthropic', command: 'ANTHROPIC_API_KEY=sk-ant-…' },
  {
    name: 'Ollama, on this machine',
    command: 'OPENAI_BASE_URL=http://127.0.0.1:11434/v1 DEFAULT_MODEL=openai:llama3.2',
  },
  {
    name: 'vLLM, LM Studio or any server that speaks OpenAI’s chat completions',
    command: 'OPENAI_BASE_URL=http://127.0.0.1:8000/v1 DEFAULT_MODEL=openai:NAME',
  },
];

/** How a language model takes the place of the demo. */
export function ConnectModel({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal title="Connect a model" onClose={onClose}>
      <p>
        Until then a built-in script answers, which understands nothing. Stop the server, put one of these in front of
        the command that you start it with, besides what stands there already, and start it again; your chats stay.
      </p>
      <dl className="ways">
        {ways.map(({ name, command }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Command text={command} />
            </dd>
          </div>
        ))}
      </dl>
      <form method="dialog" className="actions">
        <button type="submit">Close</button>
      </form>
    </Modal>
  );
}
