import type { IconName } from '../ui/icon.tsx';

/** How a node stands: in a run, or in a definition that is being written. */
export type NodeLook =
  | 'plain'
  | 'wrong'
  | 'waiting'
  | 'running'
  | 'asking'
  | 'finished'
  | 'failed'
  | 'skipped'
  | 'stopped';

/** What is said of it and drawn beside it; nothing where it only stands there. */
export const looks: Readonly<Record<NodeLook, { readonly words: string; readonly icon: IconName | null }>> = {
  plain: { words: '', icon: null },
  wrong: { words: 'has a problem', icon: 'failed' },
  waiting: { words: 'not yet', icon: null },
  running: { words: 'running', icon: 'dots' },
  asking: { words: 'waits for you', icon: 'question' },
  finished: { words: 'done', icon: 'check' },
  failed: { words: 'failed', icon: 'failed' },
  skipped: { words: 'not needed', icon: null },
  stopped: { words: 'stopped', icon: 'stop' },
};

/** Those whose turn has come. */
const begun: ReadonlySet<NodeLook> = new Set(['running', 'asking', 'finished', 'failed', 'stopped']);

export function hasBegun(look: NodeLook | undefined): boolean {
  return look !== undefined && begun.has(look);
}
