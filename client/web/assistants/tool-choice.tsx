import type { AssistantTool, ToolInfo } from '../../../shared/tool.ts';

interface ToolChoiceProps {
  /** Those of the server; null until they are known. */
  readonly known: readonly ToolInfo[] | null;
  readonly chosen: readonly AssistantTool[];
  readonly problem: string | undefined;
  readonly onChange: (tools: readonly AssistantTool[]) => void;
}

/** Which tools an assistant may use, and whether a person is asked before each call. */
export function ToolChoice({ known, chosen, problem, onChange }: ToolChoiceProps) {
  const options = known && optionsOf(known, chosen);
  const without = (name: string) => chosen.filter((tool) => tool.name !== name);
  const change = (tool: AssistantTool) => onChange(chosen.map((other) => (other.name === tool.name ? tool : other)));
  return (
    <fieldset className="tools">
      <legend>Tools</legend>
      {options?.length === 0 && <p className="field-hint">This server has none.</p>}
      {options?.map(({ name, title, description, approval }) => {
        const tool = chosen.find((other) => other.name === name);
        return (
          <div key={name} className="tool-option">
            <label className="ticked">
              <input
                type="checkbox"
                checked={tool !== undefined}
                onChange={(event) => onChange(event.target.checked ? [...chosen, { name }] : without(name))}
              />
              <span>
                {title}
                <span className="field-hint">{description}</span>
              </span>
            </label>
            {tool && <ApprovalChoice title={title} usual={approval} tool={tool} onChange={change} />}
          </div>
        );
      })}
      {problem !== undefined && <p className="problem">{problem}</p>}
    </fieldset>
  );
}

interface ApprovalChoiceProps {
  readonly title: string;
  /** Whether the tool itself asks. */
  readonly usual: boolean;
  readonly tool: AssistantTool;
  readonly onChange: (tool: AssistantTool) => void;
}

function ApprovalChoice({ title, usual, tool: { name, approval }, onChange }: ApprovalChoiceProps) {
  const choose = (value: string): void => onChange(value === '' ? { name } : { name, approval: value === 'ask' });
  return (
    <select
      aria-label={`Whether you are asked before ${title} is used`}
      value={approval === undefined ? '' : approval ? 'ask' : 'free'}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="">{usual ? 'As usual: asks first' : 'As usual: does not ask'}</option>
      <option value="ask">Asks before each call</option>
      <option value="free">Does not ask</option>
    </select>
  );
}

/** Also what was chosen and is not there at present, so that it can be taken away. */
function optionsOf(known: readonly ToolInfo[], chosen: readonly AssistantTool[]) {
  const absent = chosen.filter(({ name }) => known.every((tool) => tool.name !== name));
  return [
    ...known,
    ...absent.map(({ name }) => ({
      name,
      title: name,
      description: 'Not listed by this server now.',
      approval: false,
    })),
  ];
}
