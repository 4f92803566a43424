import { editedId, OwnAppsPane } from '../own-apps/own-apps-pane.tsx';
import type { OwnAppsPaneProps } from '../own-apps/own-apps-pane.tsx';
import { WorkflowEditor } from './workflow-editor.tsx';
import { WorkflowList } from './workflow-list.tsx';
import './workflows.css';

export function WorkflowsPane(props: OwnAppsPaneProps) {
  return (
    <OwnAppsPane
      {...props}
      kind="workflow"
      list={<WorkflowList />}
      editor={<WorkflowEditor workflowId={editedId(props.appId)} />}
      isWide
    />
  );
}
