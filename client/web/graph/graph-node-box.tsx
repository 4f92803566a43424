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

/** Where edges begin and end, and at which side those go around that lead back. */
const sides: Readonly<Record<Direction, Readonly<Record<'on' | 'in' | 'around', Position>>>> = {
  LR: { on: Position.Right, in: Position.Left, around: Position.Bottom },
  TB: { on: Position.Bottom, in: Position.Top, around: Position.Right },
};

/** One node of a graph: what it is called, what kind it is, and how it stands. */
export const GraphNodeBox = memo(({ data: { title, type, look, direction } }: NodeProps<GraphNodeItem>) => {
  const { icon } = looks[look];
  const side = sides[direction];
  return (
    <div className="graph-node" data-look={look} data-type={type}>
      <Handle id="in" type="target" position={side.in} isConnectable={false} />
      <Handle id="again" type="target" position={side.around} isConnectable={false} />
      <div className="graph-node-words">
        <span className="graph-node-title">{title}</span>
        <span className="graph-node-type">{type}</span>
      </div>
      {icon && <Icon name={icon} />}
      <Handle id="back" type="source" position={side.around} isConnectable={false} />
      <Handle id="on" type="source" position={side.on} isConnectable={false} />
    </div>
  );
});
