import { useCallback, useState } from 'react';
import { useClient } from '../../react.tsx';
import type { Assistant } from '../../../shared/assistant.ts';
import type { AssistantFeedback as Told, FeedbackCounts } from '../../../shared/assistant-feedback.ts';
import { useAttempt } from '../ui/attempt.ts';
import { Modal } from '../ui/modal.tsx';
import { useAsked } from '../ui/use-asked.ts';

interface AssistantFeedbackProps {
  readonly assistant: Pick<Assistant, 'id' | 'name'>;
  readonly onClose: () => void;
}

/** What people think of an assistant's answers, for its owner. */
export function AssistantFeedback({ assistant: { id, name }, onClose }: AssistantFeedbackProps) {
  const { api } = useClient();
  const load = useCallback(() => api.assistant.feedback.query({ assistantId: id }), [api, id]);
  const { value, problem } = useAsked(load);
  return (
    <Modal title={`Feedback on ${name}`} onClose={onClose}>
      <div className="feedback" aria-live="polite" aria-busy={value === null && problem === null}>
        {problem !== null && <p className="problem">It could not be loaded: {problem}</p>}
        {value?.versions.length === 0 && <p>Nobody has said anything about its answers yet.</p>}
        {value && value.versions.length > 0 && <Counts feedback={value} />}
        {value && value.comments.length > 0 && <Comments first={value} assistantId={id} />}
      </div>
      <form method="dialog" className="actions">
        <button type="submit">Done</button>
      </form>
    </Modal>
  );
}

const columns: readonly { readonly name: string; readonly of: keyof FeedbackCounts }[] = [
  { name: 'Good', of: 'likes' },
  { name: 'Bad', of: 'dislikes' },
  { name: 'Comments', of: 'comments' },
  { name: 'Copied', of: 'copied' },
];

function Counts({ feedback: { versions, total } }: { readonly feedback: Told }) {
  return (
    <table className="counts">
      <caption className="unseen">Answers by version that were rated, commented on and copied</caption>
      <thead>
        <tr>
          <th scope="col">Version</th>
          {columns.map(({ name }) => (
            <th key={name} scope="col" className="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {versions.map(({ version, ...counts }) => (
          <CountsRow key={version} title={versionWords(version)} counts={counts} />
        ))}
      </tbody>
      <tfoot>
        <CountsRow title="All" counts={total} />
      </tfoot>
    </table>
  );
}

function CountsRow({ title, counts }: { readonly title: string; readonly counts: FeedbackCounts }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      {columns.map(({ name, of }) => (
        <td key={name} className="number">
          {counts[of]}
        </td>
      ))}
    </tr>
  );
}

/** Newest first, further ones as they are asked for. */
function Comments({ first, assistantId }: { readonly first: Told; readonly assistantId: string }) {
  const { api } = useClient();
  const [{ comments, nextCursor: cursor }, setShown] = useState<Pick<Told, 'comments' | 'nextCursor'>>(first);
  const { isBusy, problem, attempt } = useAttempt();
  const more = async (): Promise<void> => {
    const next = await api.assistant.feedback.query({ assistantId, cursor });
    setShown({ comments: [...comments, ...next.comments], nextCursor: next.nextCursor });
  };
  return (
    <>
      <h3>What they wrote</h3>
      <ul className="comments">
        {comments.map(({ comment, commentedAt, rating, version }, index) => (
          // They have no ids, and none moves.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <p>{comment}</p>
            <p className="field-hint">
              {rating === null ? '' : `${rating === 'like' ? 'Good' : 'Bad'} answer, `}
              {versionWords(version)}, <time dateTime={commentedAt}>{new Date(commentedAt).toLocaleDateString()}</time>
            </p>
          </li>
        ))}
      </ul>
      {problem !== null && <p className="problem">No more could be loaded: {problem}</p>}
      {cursor !== null && (
        <button type="button" className="quiet" disabled={isBusy} onClick={() => void attempt(more)}>
          Show more
        </button>
      )}
    </>
  );
}

function versionWords(version: number | null): string {
  return version === null ? 'in forks' : `version ${version}`;
}
