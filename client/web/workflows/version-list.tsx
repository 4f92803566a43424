import { useCallback } from 'react';
import { useClient } from '../../react.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { workflowApi } from './workflow-api.ts';
import type { WorkflowVersionItem } from './workflow-api.ts';

const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

interface VersionListProps {
  readonly workflowId: string;
  /** The newest; give it as the key too, so that a new one is listed. */
  readonly current: number;
  readonly onRestore: (version: WorkflowVersionItem) => void;
}

/** Earlier versions, newest first, each of which can be taken up again. */
export function VersionList({ workflowId, current, onRestore }: VersionListProps) {
  const { api } = useClient();
  const load = useCallback(() => workflowApi(api).versions.query({ workflowId }), [api, workflowId]);
  const { value, problem } = useAsked(load);
  if (problem !== null) return <p className="problem">The versions could not be loaded: {problem}</p>;
  return (
    <ol className="versions-of-workflow" aria-label="Versions" aria-busy={value === null}>
      {value?.versions.map((version) => (
        <li key={version.version}>
          <span>Version {version.version}</span>
          <time className="soft" dateTime={version.createdAt}>
            {times.format(new Date(version.createdAt))}
          </time>
          {version.version === current ? (
            <span className="badge">newest</span>
          ) : (
            <button
              type="button"
              className="quiet"
              aria-label={`Restore version ${version.version}`}
              onClick={() => onRestore(version)}
            >
              Restore
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}
