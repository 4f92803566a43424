import { useCallback } from 'react';
import { useClient } from '../../react.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { useAsked } from '../ui/use-asked.ts';

const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Nobody goes further back than that by hand. */
const mostShown = 20;

interface VersionListProps {
  readonly workflowId: string;
  /** The newest; give it as the key too, so that a new one is listed. */
  readonly current: number;
  /** Whether that one is what the editor shows. */
  readonly isShown: boolean;
  /** Rejects when it cannot be had. */
  readonly onRestore: (version: number) => Promise<void>;
}

/** Earlier versions, newest first, each of which can be taken up again. */
export function VersionList({ workflowId, current, isShown, onRestore }: VersionListProps) {
  const { api } = useClient();
  const load = useCallback(() => api.workflow.versions.query({ workflowId, limit: mostShown }), [api, workflowId]);
  const { value, problem } = useAsked(load);
  const { problem: trouble, attempt } = useAttempt();
  if (problem !== null) return <p className="problem">The versions could not be loaded: {problem}</p>;
  return (
    <>
      {trouble !== null && (
        <p className="problem" role="alert">
          Not restored: {trouble}
        </p>
      )}
      <ol className="versions-of-workflow" aria-label="Versions" aria-busy={value === null}>
        {value?.versions.map((version) => (
          <li key={version.version}>
            <span>Version {version.version}</span>
            <time className="soft" dateTime={version.createdAt}>
              {times.format(new Date(version.createdAt))}
            </time>
            {version.version === current && <span className="badge">newest</span>}
            {(version.version !== current || !isShown) && (
              <button
                type="button"
                className="quiet"
                aria-label={`Restore version ${version.version}`}
                onClick={() => void attempt(() => onRestore(version.version))}
              >
                Restore
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
