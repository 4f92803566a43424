import type { PlacedProblem } from './placed-problems.ts';
import type { Checked } from './use-problems.ts';

interface ProblemListProps {
  readonly id: string;
  readonly checked: Checked;
  /** Leads to the line. */
  readonly onGoTo: (problem: PlacedProblem) => void;
}

/** What is wrong, in words, with a way to each line. */
export function ProblemList({ id, checked, onGoTo }: ProblemListProps) {
  const { problems, isChecked, trouble } = checked;
  return (
    <div id={id} className="problems">
      <p role="status">{wordsOf(checked)}</p>
      {trouble === null && problems.length > 0 && (
        <ol aria-label="Problems" aria-busy={!isChecked}>
          {problems.map((problem) => (
            <li key={`${problem.line} ${problem.message}`}>
              <button type="button" className="link" onClick={() => onGoTo(problem)}>
                Line {problem.line}
              </button>{' '}
              <span>{problem.message}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function wordsOf({ problems, more, isChecked, trouble }: Checked): string {
  if (trouble !== null) return `It could not be checked: ${trouble}`;
  if (!isChecked) return 'Checking…';
  const count = problems.length + more;
  if (count === 0) return 'No problems found.';
  if (more > 0) return `${count} problems, of which the first ${problems.length} are`;
  return count === 1 ? '1 problem' : `${count} problems`;
}
