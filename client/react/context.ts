import { createContext, useContext } from 'react';
import type { Workspace } from './workspace.ts';

export const WorkspaceContext = createContext<Workspace | null>(null);

/** Errors: one that says what is missing, outside a provider. */
export function useWorkspace(hook: string): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace) return workspace;
  throw new Error(
    `${hook}: expected a <ChatProvider client={…}> above this component, found none; wrap the app in one`,
  );
}
