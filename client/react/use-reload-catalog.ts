import { useWorkspace } from './context.ts';

/** Asks for the catalog again, after something about it was changed here. */
export function useReloadCatalog(): () => void {
  return useWorkspace('useReloadCatalog').catalog.reload;
}
