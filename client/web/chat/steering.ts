import type { Catalog, UseChat } from '../../react.tsx';

/**
 * Whether a message can be for the answer that is being written: only one that takes further steps, because its assistant
 * has tools, takes anything up. Where nobody tells whose tools there are, a call in the answer does.
 */
export function canSteer({ activeRun, messages, chat }: UseChat, catalog: Catalog | null): boolean {
  if (activeRun?.status !== 'running' || activeRun.app.kind !== 'assistant' || chat?.queuePaused === true) return false;
  const tools = catalog?.assistants.find(({ id }) => id === activeRun.app.id)?.tools ?? [];
  const answer = messages.findLast(({ id }) => id === activeRun.messageId);
  return tools.length > 0 || answer?.parts.some(({ type }) => type === 'tool') === true;
}
