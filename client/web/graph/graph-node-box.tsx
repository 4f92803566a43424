import { Handle, Position } from '@xyflow/react';
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { Icon } from '../ui/icon.tsx';
import type { Direction } from './graph-layout.ts';
import { looks } from './node-look.ts';
import type { NodeLook } from './node-look.ts';

export type GraphNodeData = {
  readonly title: string;
  readonly type: string;
  readonly look: NodeLook;
  readonly direction: Direction;
};

export type GraphNodeItem = Node<GraphNodeData, 'box'>;

const sides: Readonly<Record<Direction, { readonly from: Position; readonly to: Position }>> = {
  LR: { from: Position.Right, to: Position.Left },
  TB: { from: Position.Bottom, to: Position.Top },
};

/** One node of a graph: what it is called, what kind it is, and how it stands. */
export const GraphNodeBox = memo(({ data: { title, type, look, direction } }: NodeProps<GraphNodeItem>) => {
  const { icon } = looks[look];
  return (
    <div className="graph-node" data-look={look} data-type={type}>
      <Handle type="target" position={sides[direction].to} isConnectable={false} />
      <div className="graph-node-words">
        <span className="graph-node-title">{title}</span>
        <span className="graph-node-type">{type}</span>
      </div>
      {icon && <Icon name={icon} />}
      <Handle type="source" position={sides[direction].from} isConnectable={false} />
    </div>
  );
});
