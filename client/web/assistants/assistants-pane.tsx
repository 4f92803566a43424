import { editedId, OwnAppsPane } from '../own-apps/own-apps-pane.tsx';
import type { OwnAppsPaneProps } from '../own-apps/own-apps-pane.tsx';
import { AssistantEditor } from './assistant-editor.tsx';
import { AssistantList } from './assistant-list.tsx';

export function AssistantsPane(props: OwnAppsPaneProps) {
  return (
    <OwnAppsPane
      {...props}
      kind="assistant"
      list={<AssistantList />}
      editor={<AssistantEditor assistantId={editedId(props.appId)} />}
    />
  );
}
