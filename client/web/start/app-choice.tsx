import type { App } from '../../../shared/chat.ts';
import type { AppOption } from './apps.ts';
import { Avatar } from './avatar.tsx';

interface AppChoiceProps {
  readonly options: readonly AppOption[];
  readonly chosen: AppOption | undefined;
  readonly onChoose: (app: App) => void;
}

/** Which assistant or workflow a new chat is with. */
export function AppChoice({ options, chosen, onChoose }: AppChoiceProps) {
  return (
    <fieldset className="apps">
      <legend>Chat with</legend>
      {options.map((option) => (
        <label key={option.app.id} className="app">
          <input
            type="radio"
            name="app"
            value={option.app.id}
            checked={option === chosen}
            onChange={() => onChoose(option.app)}
          />
          <span className="app-name">
            <Avatar avatar={option.avatar} />
            {option.name}
          </span>
          <span className="app-kind">{option.app.kind === 'workflow' ? 'Workflow' : 'Assistant'}</span>
          <span className="app-description">{option.description}</span>
        </label>
      ))}
    </fieldset>
  );
}
