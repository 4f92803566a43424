import type { UseChat } from '../../react.tsx';
import { PaneProblem } from './pane-problem.tsx';

interface ChatProblemProps {
  readonly chat: UseChat;
}

/** In place of a chat that cannot be shown. */
export function ChatProblem({ chat }: ChatProblemProps) {
  const { title, advice, canRetry } = wordsFor(chat);
  return <PaneProblem title={title} advice={advice} onRetry={canRetry ? chat.reopen : null} />;
}

interface ProblemWords {
  readonly title: string;
  readonly advice: string;
  readonly canRetry: boolean;
}

function wordsFor({ status, error }: UseChat): ProblemWords {
  if (status === 'deleted') {
    const advice = 'Somebody deleted it, here or in another window. It cannot be brought back.';
    return { title: 'This chat was deleted.', advice, canRetry: false };
  }
  if (error?.code === 'NOT_FOUND' || error?.code === 'INVALID_INPUT') {
    const advice = 'It may have been deleted, the address may be cut off, or the server may have another database now.';
    return { title: 'There is no such chat.', advice, canRetry: false };
  }
  return { title: 'This chat could not be opened.', advice: error?.message ?? '', canRetry: true };
}
