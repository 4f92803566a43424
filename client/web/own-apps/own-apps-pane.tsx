import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { AppKind } from '../../../shared/chat.ts';
import { PaneHead } from '../chat/pane-head.tsx';

export interface OwnAppsPaneProps {
  /** The one that is edited, `new` for one that is being made; null for all of them. */
  readonly appId: string | null;
  /** What stands at the left of the head on a phone. */
  readonly toggle: ReactNode;
}

interface Views extends OwnAppsPaneProps {
  readonly kind: AppKind;
  readonly list: ReactNode;
  /** For the one that is edited. */
  readonly editor: ReactNode;
  /** Whether the editor takes all the room that there is. */
  readonly isWide?: boolean;
}

/** Where people make assistants or workflows of their own. */
export function OwnAppsPane({ appId, toggle, kind, list, editor, isWide = false }: Views) {
  const title = titleOf(kind, appId);
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <section className="pane" aria-label={title}>
      <PaneHead toggle={toggle}>
        <h1>{title}</h1>
      </PaneHead>
      <div className="scroller">
        <div key={appId} className={isWide && appId !== null ? 'conversation wide' : 'conversation'}>
          {appId === null ? list : editor}
        </div>
      </div>
    </section>
  );
}

function titleOf(kind: AppKind, appId: string | null): string {
  if (appId === null) return `Your ${kind}s`;
  return appId === 'new' ? `New ${kind}` : `Edit your ${kind}`;
}

/** Null: it is being made. */
export function editedId(appId: string | null): string | null {
  return appId === 'new' ? null : appId;
}
