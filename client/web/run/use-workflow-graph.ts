import { useEffect, useState } from 'react';
import type { ChatClient } from '../../index.ts';
import { useClient } from '../../react.tsx';
import type { WorkflowGraph } from '../graph/workflow-graph.ts';

/** The graph of a workflow's version, the newest where that is null; null until it is known, and where it is not told. */
export function useWorkflowGraph(workflowId: string, version: number | null): WorkflowGraph | null {
  const { api } = useClient();
  const [graph, setGraph] = useState<WorkflowGraph | null>(null);
  useEffect(() => {
    let isWanted = true;
    outlineOf(api, workflowId, version).then(
      (outline) => isWanted && setGraph(outline),
      // The steps are told in words all the same.
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [api, workflowId, version]);
  return graph;
}

/** Of somebody else's workflow only the newest version is told, which mostly is the one. */
async function outlineOf(api: ChatClient['api'], workflowId: string, version: number | null): Promise<WorkflowGraph> {
  const newest = await api.workflow.get.query({ workflowId });
  if (version === null || version === newest.version || !newest.owned) return newest.outline;
  return (await api.workflow.get.query({ workflowId, version })).outline;
}
