import { Controls, MarkerType, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import type { Edge, NodeTypes } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { isBack, nodeSize, placesOf } from './graph-layout.ts';
import type { Direction, Places } from './graph-layout.ts';
import { GraphNodeBox } from './graph-node-box.tsx';
import type { GraphNodeData, GraphNodeItem } from './graph-node-box.tsx';
import './graph.css';
import { hasBegun } from './node-look.ts';
import type { NodeLook } from './node-look.ts';
import type { WorkflowGraph } from './workflow-graph.ts';

export interface GraphViewProps {
  readonly graph: WorkflowGraph;
  /** How each node stands, by its id; one that is not named is `plain`. */
  readonly lookOf: ReadonlyMap<string, NodeLook>;
  readonly direction: Direction;
  /** The way out that a node has taken, where it has several. */
  readonly branchOf?: ReadonlyMap<string, string> | undefined;
  /** What is to be in view when not all of it can be read at once; null: nothing in particular. */
  readonly current: string | null;
  /** Also for those who use no pointer there has to be another way to it. */
  readonly onSelect?: ((id: string) => void) | undefined;
}

const nowhere: ReadonlyMap<string, string> = new Map();

const nodeTypes: NodeTypes = { box: GraphNodeBox };

/** Below this zoom the titles cannot be read. */
const readableZoom = 0.6;

const fit = { padding: 0.08, maxZoom: 1 } as const;

/**
 * A workflow, drawn. It is there for those who see it: what it says has to stand in words beside it, and nothing in it is
 * reached by the keyboard but the buttons that move it.
 */
export default function GraphView(props: GraphViewProps) {
  return (
    <div className="graph">
      <ReactFlowProvider>
        <Flow {...props} />
      </ReactFlowProvider>
    </div>
  );
}

function Flow({ graph, lookOf, branchOf, direction, current, onSelect }: GraphViewProps) {
  const places = useMemo(() => placesOf(graph, direction), [graph, direction]);
  const nodes = useMemo(() => nodesOf(graph, places, lookOf, direction), [graph, places, lookOf, direction]);
  const edges = useMemo(
    () => edgesOf(graph, places, direction, { lookOf, branchOf }),
    [graph, places, direction, lookOf, branchOf],
  );
  useInView(places, current);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      fitView
      fitViewOptions={fit}
      minZoom={0.1}
      maxZoom={1.5}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={onSelect !== undefined}
      disableKeyboardA11y
      zoomOnScroll={false}
      preventScrolling={false}
      onNodeClick={(_, { id }) => onSelect?.(id)}
      attributionPosition="bottom-right"
    >
      <Controls showInteractive={false} position="bottom-left" orientation="horizontal" fitViewOptions={fit} />
    </ReactFlow>
  );
}

function nodesOf(
  { nodes }: WorkflowGraph,
  places: Places,
  lookOf: ReadonlyMap<string, NodeLook>,
  direction: Direction,
): GraphNodeItem[] {
  return nodes.map(({ id, title, type }) => {
    const data: GraphNodeData = { title, type, direction, look: lookOf.get(id) ?? 'plain' };
    return {
      id,
      type: 'box',
      data,
      position: places.get(id) ?? { x: 0, y: 0 },
      ...nodeSize,
      domAttributes: { 'aria-hidden': true },
    };
  });
}

function edgesOf(
  { edges }: WorkflowGraph,
  places: Places,
  direction: Direction,
  { lookOf, branchOf = nowhere }: Pick<GraphViewProps, 'lookOf' | 'branchOf'>,
): Edge[] {
  return edges.map(({ from, to, branch }, index) => {
    const isItsWay = branch === undefined || branch === branchOf.get(from);
    const isTaken = isItsWay && lookOf.get(from) === 'finished' && hasBegun(lookOf.get(to));
    // One that leads back goes around at the side, where it is not taken for one that leads on.
    const [sourceHandle, targetHandle] = isBack(places, direction, from, to) ? ['back', 'again'] : ['on', 'in'];
    return {
      id: `${index} ${from} ${to}`,
      source: from,
      target: to,
      sourceHandle,
      targetHandle,
      type: 'smoothstep',
      className: isTaken ? 'taken' : '',
      markerEnd: { type: MarkerType.ArrowClosed, color: 'currentcolor' },
      domAttributes: { 'aria-hidden': true },
      ...(branch !== undefined && { label: branch }),
    };
  });
}

/** All of it where that can be read; otherwise what is going on. Where a person has moved it meanwhile it stays readable. */
function useInView(places: Places, current: string | null): void {
  const { fitView, getZoom, setCenter } = useReactFlow();
  const show = useEffectEvent((id: string | null): void => {
    const place = id === null ? undefined : places.get(id);
    if (!place || getZoom() >= readableZoom) return;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    void setCenter(place.x + nodeSize.width / 2, place.y + nodeSize.height / 2, {
      zoom: readableZoom,
      duration: isStill ? 0 : 300,
    });
  });
  const showCurrent = useEffectEvent(() => show(current));
  useEffect(() => {
    const nodes = [...places.keys()].map((id) => ({ id }));
    void fitView({ ...fit, nodes }).then(() => showCurrent());
  }, [places, fitView]);
  useEffect(() => show(current), [current]);
}
