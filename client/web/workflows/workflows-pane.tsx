import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { PaneHead } from '../chat/pane-head.tsx';
import { WorkflowEditor } from './workflow-editor.tsx';
import { WorkflowList } from './workflow-list.tsx';
import './workflows.css';

interface WorkflowsPaneProps {
  /** The one that is edited, `new` for one that is being made; null for all of them. */
  readonly workflowId: string | null;
  /** What stands at the left of the head on a phone. */
  readonly toggle: ReactNode;
}

/** Where people make workflows of their own. */
export function WorkflowsPane({ workflowId, toggle }: WorkflowsPaneProps) {
  const title = workflowId === null ? 'Your workflows' : workflowId === 'new' ? 'New workflow' : 'Edit a workflow';
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <section className="pane" aria-label={title}>
      <PaneHead toggle={toggle}>
        <h1>{title}</h1>
      </PaneHead>
      <div className="scroller">
        <div className={workflowId === null ? 'conversation' : 'conversation wide'}>
          {workflowId === null ? (
            <WorkflowList />
          ) : (
            <WorkflowEditor key={workflowId} workflowId={workflowId === 'new' ? null : workflowId} />
          )}
        </div>
      </div>
    </section>
  );
}
