import { useMemo, useState } from 'react';
import { LazyGraph } from '../graph/lazy-graph.tsx';
import { narrow, useMediaQuery } from '../ui/media-query.ts';
import { stepsOf, wordsOfRun } from './run-steps.ts';
import './run-view.css';
import type { ShownRun } from './shown-run.ts';
import { StepItem } from './step-item.tsx';
import { useWorkflowGraph } from './use-workflow-graph.ts';

/** How far a workflow has come: its graph, in which nodes light up as they run, and the same in words. Give the run's id as the key. */
export default function RunView({ run }: { readonly run: ShownRun }) {
  // Once the run has ended nobody says any more which one it was.
  const [version] = useState(run.version);
  const graph = useWorkflowGraph(run.app.id, version);
  const steps = useMemo(() => stepsOf(graph, run.nodes, run.status), [graph, run.nodes, run.status]);
  const lookOf = useMemo(() => new Map(steps.map(({ id, look }) => [id, look])), [steps]);
  const branchOf = useMemo(() => new Map(steps.flatMap(({ id, branch }) => (branch ? [[id, branch]] : []))), [steps]);
  const isNarrow = useMediaQuery(narrow);
  const [isChosen, setChosen] = useState<boolean | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  // A phone has no room for it beside what is said, until somebody wants it.
  const isOpen = isChosen ?? !isNarrow;
  const words = wordsOfRun(steps, run.status);
  const toggle = (id: string, isOpen: boolean): void =>
    setOpened((before) => {
      const after = new Set(before);
      if (isOpen) after.add(id);
      else after.delete(id);
      return after;
    });
  const current = steps.find(({ look }) => look === 'running' || look === 'asking')?.id ?? null;

  return (
    <section className="run-view" aria-label="Steps of this answer">
      <details open={isOpen} onToggle={(event) => setChosen(event.currentTarget.open)}>
        <summary>{words}</summary>
        {isOpen && (
          <div className="run-body">
            {graph && (
              <LazyGraph
                graph={graph}
                lookOf={lookOf}
                branchOf={branchOf}
                direction="LR"
                current={current}
                onSelect={(id) => toggle(id, true)}
              />
            )}
            {/* Reached by Tab, so that the arrow keys scroll it. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <ol className="steps" aria-label="Steps" tabIndex={0}>
              {steps.map((step) => (
                <StepItem
                  key={step.id}
                  step={step}
                  isOpen={opened.has(step.id)}
                  onToggle={(isOpen) => toggle(step.id, isOpen)}
                />
              ))}
            </ol>
          </div>
        )}
      </details>
      <p className="unseen" aria-live="polite" data-live="run">
        {words}
      </p>
    </section>
  );
}
