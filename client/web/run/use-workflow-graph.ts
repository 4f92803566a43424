import { useEffect, useState } from 'react';
import { useClient } from '../../react.tsx';
import type { WorkflowGraph } from '../../../shared/workflow-graph.ts';

/** The graph of a workflow's version, the newest where that is null; null until it is known, and where it is not told. */
export function useWorkflowGraph(workflowId: string, version: number | null): WorkflowGraph | null {
  const { api } = useClient();
  const [graph, setGraph] = useState<WorkflowGraph | null>(null);
  useEffect(() => {
    let isWanted = true;
    api.workflow.graph.query({ workflowId, ...(version !== null && { version }) }).then(
      (told) => isWanted && setGraph(told),
      // The steps are told in words all the same.
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [api, workflowId, version]);
  return graph;
}
