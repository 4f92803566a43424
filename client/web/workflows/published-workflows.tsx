import type { WorkflowSummary } from '../../../shared/workflow.ts';
import { useTryIt } from '../own-apps/try-it.ts';

/** What others have published: it can be tried, not changed. */
export function PublishedWorkflows({ workflows }: { readonly workflows: readonly WorkflowSummary[] }) {
  const { tryIt, trouble } = useTryIt('workflow');
  if (workflows.length === 0) return null;
  return (
    <section className="published" aria-label="Published by others">
      <h2>Published by others</h2>
      {trouble !== null && (
        <p className="problem" role="alert">
          {trouble}
        </p>
      )}
      <ul className="own-apps">
        {workflows.map(({ id, name, description }) => (
          <li key={id}>
            <h3>{name}</h3>
            {description !== '' && <p className="soft">{description}</p>}
            <div className="actions">
              <button type="button" className="quiet" aria-label={`Try it: ${name}`} onClick={() => tryIt(id)}>
                Try it
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
