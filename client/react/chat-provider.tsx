import { useEffect } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { ChatClient } from '../index.ts';
import { WorkspaceContext } from './context.ts';
import { workspaceOf } from './workspace.ts';

export interface ChatProviderProps {
  /** Made outside of components, once. It stays its owner's to close. */
  readonly client: ChatClient;
  readonly children: ReactNode;
}

/** Gives the hooks below it their client. A few seconds after it is gone, every stream that they opened is closed. */
export function ChatProvider({ client, children }: ChatProviderProps): ReactElement {
  const workspace = workspaceOf(client);
  useEffect(() => workspace.mount(), [workspace]);
  return <WorkspaceContext.Provider value={workspace}>{children}</WorkspaceContext.Provider>;
}
