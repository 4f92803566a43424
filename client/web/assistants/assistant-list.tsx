import { useCallback, useState } from 'react';
import { useClient, useReloadCatalog } from '../../react.tsx';
import type { Assistant } from '../../../shared/assistant.ts';
import { assistantsAddress, goTo } from '../route.ts';
import { Avatar } from '../start/avatar.tsx';
import { announce } from '../ui/announcements.tsx';
import { problemOf } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';
import { AssistantFeedback } from './assistant-feedback.tsx';
import { Confirm } from './confirm.tsx';
import type { Question } from './confirm.tsx';
import { useAsked } from '../ui/use-asked.ts';

/** More than anybody has; the most that one question brings. */
const most = 100;

/** One's own assistants, and what can be done with each. */
export function AssistantList() {
  const { api } = useClient();
  const reloadCatalog = useReloadCatalog();
  const load = useCallback(() => api.assistant.list.query({ mine: true, limit: most }), [api]);
  const { value, problem, ask } = useAsked(load);
  const [question, setQuestion] = useState<Question | null>(null);
  const [reviewed, setReviewed] = useState<Assistant | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const tell = (words: string): void => {
    announce(words);
    ask();
    reloadCatalog();
  };
  const attempt = ({ id }: Assistant): void =>
    void api.chat.create.mutate({ app: { kind: 'assistant', id }, debug: true }).then(
      (chat) => goTo(chat.id),
      (reason: unknown) => setTrouble(`Not begun: ${problemOf(reason)}`),
    );
  const publish = ({ id: assistantId, name }: Assistant): Question => ({
    title: 'Publish this assistant?',
    about: `Everybody on this server can chat with ${name} from then on. They do not see its prompt and tools.`,
    yes: 'Publish',
    act: () => api.assistant.publish.mutate({ assistantId }).then(() => tell('Published')),
  });
  const unpublish = ({ id: assistantId, name }: Assistant): Question => ({
    title: 'Take this assistant back?',
    about: `Only you can begin chats with ${name} from then on, and others can go on with none.`,
    yes: 'Take back',
    act: () => api.assistant.unpublish.mutate({ assistantId }).then(() => tell('Taken back')),
  });
  const remove = ({ id: assistantId, name }: Assistant): Question => ({
    title: 'Delete this assistant?',
    about: `${name} will be gone for good. Chats with it stay, but nobody answers in them any more.`,
    yes: 'Delete',
    isDangerous: true,
    act: () => api.assistant.delete.mutate({ assistantId }).then(() => tell('Deleted')),
  });

  return (
    <>
      <p className="actions">
        <a className="button" href={assistantsAddress('new')}>
          <Icon name="new" /> New assistant
        </a>
      </p>
      {(problem ?? trouble) !== null && (
        <p className="problem" role="alert">
          {problem === null ? trouble : `Your assistants could not be loaded: ${problem}`}
        </p>
      )}
      {value?.assistants.length === 0 && <p className="note">You have made none yet.</p>}
      <ul className="assistants" aria-label="Your assistants" aria-busy={value === null && problem === null}>
        {value?.assistants.map((assistant) => (
          <AssistantItem
            key={assistant.id}
            assistant={assistant}
            onTry={() => attempt(assistant)}
            onFeedback={() => setReviewed(assistant)}
            onPublish={() => setQuestion(assistant.published ? unpublish(assistant) : publish(assistant))}
            onDelete={() => setQuestion(remove(assistant))}
          />
        ))}
      </ul>
      {reviewed && <AssistantFeedback assistant={reviewed} onClose={() => setReviewed(null)} />}
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}

interface AssistantItemProps {
  readonly assistant: Assistant;
  readonly onTry: () => void;
  readonly onFeedback: () => void;
  readonly onPublish: () => void;
  readonly onDelete: () => void;
}

function AssistantItem({ assistant, onTry, onFeedback, onPublish, onDelete }: AssistantItemProps) {
  const { id, name, avatar, description, published } = assistant;
  const publish = published ? 'Take back' : 'Publish';
  return (
    <li>
      <h2>
        <Avatar avatar={avatar} />
        {name}
        {published && <span className="badge">published</span>}
      </h2>
      {description !== '' && <p className="soft">{description}</p>}
      <div className="actions">
        <button type="button" className="quiet" aria-label={`Try it: ${name}`} onClick={onTry}>
          Try it
        </button>
        <a className="button quiet" href={assistantsAddress(id)} aria-label={`Edit ${name}`}>
          Edit
        </a>
        <button type="button" className="quiet" aria-label={`Feedback on ${name}`} onClick={onFeedback}>
          Feedback
        </button>
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
