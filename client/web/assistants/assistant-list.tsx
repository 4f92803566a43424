import { useCallback, useState } from 'react';
import { useClient } from '../../react.tsx';
import type { Assistant } from '../../../shared/assistant.ts';
import { OwnAppList } from '../own-apps/own-app-list.tsx';
import { assistantsAddress } from '../route.ts';
import { Avatar } from '../start/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { AssistantFeedback } from './assistant-feedback.tsx';

/** More than anybody has; the most that one question brings. */
const most = 100;

/** One's own assistants, and what can be done with each. */
export function AssistantList() {
  const { api } = useClient();
  const [reviewed, setReviewed] = useState<Assistant | null>(null);
  const load = useCallback(
    () => api.assistant.list.query({ mine: true, limit: most }).then(({ assistants }) => assistants),
    [api],
  );
  return (
    <>
      <OwnAppList
        kind="assistant"
        load={load}
        addressOf={assistantsAddress}
        publish={(assistantId) => api.assistant.publish.mutate({ assistantId })}
        unpublish={(assistantId) => api.assistant.unpublish.mutate({ assistantId })}
        remove={(assistantId) => api.assistant.delete.mutate({ assistantId })}
        hidden="its prompt and tools"
        mark={avatarOf}
        more={feedbackButton(setReviewed)}
      >
        <p className="actions">
          <a className="button" href={assistantsAddress('new')}>
            <Icon name="new" /> New assistant
          </a>
        </p>
      </OwnAppList>
      {reviewed && <AssistantFeedback assistant={reviewed} onClose={() => setReviewed(null)} />}
    </>
  );
}

function avatarOf({ avatar }: Assistant) {
  return <Avatar avatar={avatar} />;
}

/** Opens what people say about one. */
function feedbackButton(onOpen: (assistant: Assistant) => void) {
  return (assistant: Assistant) => (
    <button
      type="button"
      className="quiet"
      aria-label={`Feedback on ${assistant.name}`}
      onClick={() => onOpen(assistant)}
    >
      Feedback
    </button>
  );
}
