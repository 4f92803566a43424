import { useCallback } from 'react';
import { useClient } from '../../react.tsx';
import { OwnAppList } from '../own-apps/own-app-list.tsx';
import { assistantsAddress } from '../route.ts';
import { Icon } from '../ui/icon.tsx';

/** More than anybody has; the most that one question brings. */
const most = 100;

/** One's own assistants, and what can be done with each. */
export function AssistantList() {
  const { api } = useClient();
  const load = useCallback(
    () => api.assistant.list.query({ mine: true, limit: most }).then(({ assistants }) => assistants),
    [api],
  );
  return (
    <OwnAppList
      kind="assistant"
      load={load}
      addressOf={assistantsAddress}
      publish={(assistantId) => api.assistant.publish.mutate({ assistantId })}
      unpublish={(assistantId) => api.assistant.unpublish.mutate({ assistantId })}
      remove={(assistantId) => api.assistant.delete.mutate({ assistantId })}
      hidden="its prompt and tools"
    >
      <p className="actions">
        <a className="button" href={assistantsAddress('new')}>
          <Icon name="new" /> New assistant
        </a>
      </p>
    </OwnAppList>
  );
}
