import { useCallback } from 'react';
import { useCatalog, useClient } from '../../react.tsx';
import { OwnAppList } from '../own-apps/own-app-list.tsx';
import { workflowsAddress } from '../route.ts';
import { Icon } from '../ui/icon.tsx';
import { PublishedWorkflows } from './published-workflows.tsx';

/** More than anybody has; the most that one question brings. */
const most = 100;

/** One's own workflows, and what can be done with each; then those that others have published. */
export function WorkflowList() {
  const { api } = useClient();
  const load = useCallback(
    () => api.workflow.list.query({ mine: true, limit: most }).then(({ workflows }) => workflows),
    [api],
  );
  const published = useCatalog()?.workflows ?? [];
  return (
    <>
      <OwnAppList
        kind="workflow"
        load={load}
        addressOf={workflowsAddress}
        publish={(workflowId) => api.workflow.publish.mutate({ workflowId })}
        unpublish={(workflowId) => api.workflow.unpublish.mutate({ workflowId })}
        remove={(workflowId) => api.workflow.delete.mutate({ workflowId })}
        hidden="what its nodes say and do, only how they are called and follow each other"
      >
        <p className="actions">
          <a className="button" href={workflowsAddress('new')}>
            <Icon name="new" /> New workflow
          </a>
        </p>
      </OwnAppList>
      <PublishedWorkflows workflows={published.filter(({ owned }) => !owned)} />
    </>
  );
}
