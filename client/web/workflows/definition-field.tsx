import { useId, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import { graphOf } from '../graph/workflow-graph.ts';
import type { WorkflowGraph } from '../graph/workflow-graph.ts';
import { LazyGraph } from '../graph/lazy-graph.tsx';
import { JsonEditor } from './json-editor.tsx';
import type { ReadText } from './json-places.ts';
import type { PlacedProblem } from './placed-problems.ts';
import { ProblemList } from './problem-list.tsx';
import { selectLine } from './select-line.ts';
import type { Checked } from './use-problems.ts';

interface DefinitionFieldProps {
  readonly text: string;
  readonly checked: Checked;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly onChange: (text: string) => void;
}

/** A definition as it is written, drawn beside it, and what is wrong with it. */
export function DefinitionField({ text, checked, field, onChange }: DefinitionFieldProps) {
  const id = useId();
  const graph = useShownGraph(checked.read?.value);
  const goToLine = (line: number): void => selectLine(field.current, line);
  return (
    <>
      <label className="definition-label" htmlFor={id}>
        Definition, as JSON
      </label>
      <div className="definition">
        <JsonEditor
          id={id}
          describedBy={`${id}-problems`}
          text={text}
          problems={checked.problems}
          field={field}
          onChange={onChange}
        />
        <Preview
          graph={graph}
          problems={checked.problems}
          onSelect={(nodeId) => goToLine(lineOfNode(nodeId, checked.read))}
        />
      </div>
      <ProblemList id={`${id}-problems`} checked={checked} onGoTo={({ line }) => goToLine(line)} />
    </>
  );
}

/** Where a node stands in the text. */
function lineOfNode(nodeId: string, read: ReadText | null): number {
  const { nodes } = (read?.value ?? {}) as { nodes?: unknown };
  if (!read || !Array.isArray(nodes)) return 1;
  const place = nodes.findIndex((node) => (node as { id?: unknown } | null)?.id === nodeId);
  return read.lineOf(`nodes.${place}`);
}

/** The last one that could be read, so that the drawing does not go with every bracket. */
function useShownGraph(definition: unknown): WorkflowGraph {
  const [shown, setShown] = useState<WorkflowGraph>({ nodes: [], edges: [] });
  const graph = useMemo(() => (definition === undefined ? null : graphOf(definition)), [definition]);
  if (graph === null || JSON.stringify(graph) === JSON.stringify(shown)) return shown;
  setShown(graph);
  return graph;
}

interface PreviewProps {
  readonly graph: WorkflowGraph;
  readonly problems: readonly PlacedProblem[];
  readonly onSelect: (nodeId: string) => void;
}

function Preview({ graph, problems, onSelect }: PreviewProps) {
  const lookOf = useMemo(
    () => new Map(problems.flatMap(({ nodeId }) => (nodeId === null ? [] : [[nodeId, 'wrong' as const]]))),
    [problems],
  );
  return (
    <div className="preview">
      <LazyGraph graph={graph} lookOf={lookOf} direction="TB" current={null} onSelect={onSelect} />
    </div>
  );
}
