import { lazy, Suspense } from 'react';
import { PlainOnError } from '../ui/plain-on-error.tsx';
import type { GraphViewProps } from './graph-view.tsx';

/** More nodes take seconds to place and cannot be read; the list in words has them all. */
const mostDrawn = 200;

const GraphView = lazy(() => import('./graph-view.tsx'));

/** The drawn graph, fetched when it is first shown. Where it cannot be drawn the words beside it have to do. */
export function LazyGraph(props: GraphViewProps) {
  const { length } = props.graph.nodes;
  if (length === 0) return null;
  if (length > mostDrawn) return <p className="note">{length} nodes are too many to be drawn.</p>;
  return (
    <PlainOnError plain={<p className="note">The graph cannot be drawn here.</p>}>
      <Suspense fallback={<div className="graph graph-loading" />}>
        <GraphView {...props} />
      </Suspense>
    </PlainOnError>
  );
}
