import { useState } from 'react';
import type { ReactNode } from 'react';
import { useReloadCatalog } from '../../react.tsx';
import type { AppKind } from '../../../shared/chat.ts';
import { announce } from '../ui/announcements.tsx';
import { Confirm } from '../ui/confirm.tsx';
import type { Question } from '../ui/confirm.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { useTryIt } from './try-it.ts';

/** An assistant or a workflow of one's own. */
export interface OwnApp {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly published: boolean;
}

interface OwnAppListProps<App extends OwnApp> {
  readonly kind: AppKind;
  /** Stays the same as long as the same is meant. */
  readonly load: () => Promise<readonly App[]>;
  /** The form for the one with this id. */
  readonly addressOf: (id: string) => string;
  readonly publish: (id: string) => Promise<unknown>;
  readonly unpublish: (id: string) => Promise<unknown>;
  readonly remove: (id: string) => Promise<unknown>;
  /** What of it others do not see once it is published. */
  readonly hidden: string;
  /** What stands before the name of one. */
  readonly mark?: (app: App) => ReactNode;
  /** Buttons for what can be done with one besides. */
  readonly more?: (app: App) => ReactNode;
  /** How to make another one. */
  readonly children: ReactNode;
}

/** One's own assistants or workflows, and what can be done with each. */
export function OwnAppList<App extends OwnApp>(props: OwnAppListProps<App>) {
  const { kind, load, addressOf, publish, unpublish, remove, hidden, mark, more, children } = props;
  const reloadCatalog = useReloadCatalog();
  const { value, problem, ask } = useAsked(load);
  const [question, setQuestion] = useState<Question | null>(null);
  const { tryIt, trouble } = useTryIt(kind);
  const tell = (words: string): void => {
    announce(words);
    ask();
    reloadCatalog();
  };
  const askToPublish = ({ id, name }: OwnApp): Question => ({
    title: `Publish this ${kind}?`,
    about: `Everybody on this server can chat with ${name} from then on. They do not see ${hidden}.`,
    yes: 'Publish',
    act: () => publish(id).then(() => tell('Published')),
  });
  const askToTakeBack = ({ id, name }: OwnApp): Question => ({
    title: `Take this ${kind} back?`,
    about: `Only you can begin chats with ${name} from then on, and others can go on with none.`,
    yes: 'Take back',
    act: () => unpublish(id).then(() => tell('Taken back')),
  });
  const askToDelete = ({ id, name }: OwnApp): Question => ({
    title: `Delete this ${kind}?`,
    about: `${name} will be gone for good. Chats with it stay, but nobody answers in them any more.`,
    yes: 'Delete',
    isDangerous: true,
    act: () => remove(id).then(() => tell('Deleted')),
  });

  return (
    <>
      {children}
      {(problem ?? trouble) !== null && (
        <p className="problem" role="alert">
          {problem === null ? trouble : `Your ${kind}s could not be loaded: ${problem}`}
        </p>
      )}
      {value?.length === 0 && <p className="note">You have made none yet.</p>}
      <ul className="own-apps" aria-label={`Your ${kind}s`} aria-busy={value === null && problem === null}>
        {value?.map((app) => (
          <OwnAppItem
            key={app.id}
            app={app}
            mark={mark?.(app)}
            more={more?.(app)}
            address={addressOf(app.id)}
            onTry={() => tryIt(app.id)}
            onPublish={() => setQuestion(app.published ? askToTakeBack(app) : askToPublish(app))}
            onDelete={() => setQuestion(askToDelete(app))}
          />
        ))}
      </ul>
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}

interface OwnAppItemProps {
  readonly app: OwnApp;
  readonly mark: ReactNode;
  readonly more: ReactNode;
  readonly address: string;
  readonly onTry: () => void;
  readonly onPublish: () => void;
  readonly onDelete: () => void;
}

function OwnAppItem({ app, mark, more, address, onTry, onPublish, onDelete }: OwnAppItemProps) {
  const { name, description, published } = app;
  const publish = published ? 'Take back' : 'Publish';
  return (
    <li>
      <h2>
        {mark}
        {name}
        {published && <span className="badge">published</span>}
      </h2>
      {description !== '' && <p className="soft">{description}</p>}
      <div className="actions">
        <button type="button" className="quiet" aria-label={`Try it: ${name}`} onClick={onTry}>
          Try it
        </button>
        <a className="button quiet" href={address} aria-label={`Edit ${name}`}>
          Edit
        </a>
        {more}
        <button type="button" className="quiet" aria-label={`${publish} ${name}`} onClick={onPublish}>
          {publish}
        </button>
        <button type="button" className="quiet" aria-label={`Delete ${name}`} onClick={onDelete}>
          Delete
        </button>
      </div>
    </li>
  );
}
