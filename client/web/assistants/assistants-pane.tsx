import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { PaneHead } from '../chat/pane-head.tsx';
import { AssistantEditor } from './assistant-editor.tsx';
import { AssistantList } from './assistant-list.tsx';

interface AssistantsPaneProps {
  /** The one that is edited, `new` for one that is being made; null for all of them. */
  readonly assistantId: string | null;
  /** What stands at the left of the head on a phone. */
  readonly toggle: ReactNode;
}

/** Where people make assistants of their own. */
export function AssistantsPane({ assistantId, toggle }: AssistantsPaneProps) {
  const title =
    assistantId === null ? 'Your assistants' : assistantId === 'new' ? 'New assistant' : 'Edit an assistant';
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <section className="pane" aria-label={title}>
      <PaneHead toggle={toggle}>
        <h1>{title}</h1>
      </PaneHead>
      <div className="scroller">
        <div className="conversation">
          {assistantId === null ? (
            <AssistantList />
          ) : (
            <AssistantEditor key={assistantId} assistantId={assistantId === 'new' ? null : assistantId} />
          )}
        </div>
      </div>
    </section>
  );
}
