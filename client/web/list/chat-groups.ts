import { midnightOf } from './today.ts';

/** Chats under one heading. */
export interface ChatGroup<Item> {
  readonly title: string;
  readonly chats: readonly Item[];
}

const dayMs = 86_400_000;

/**
 * By when they were last active, in the order that they come in: that is the newest first.
 *
 * @param today when the day began, as `midnightOf` tells it
 */
export function groupsOf<Item extends { readonly updatedAt: string }>(
  chats: readonly Item[],
  today: number,
): ChatGroup<Item>[] {
  const groups: { title: string; chats: Item[] }[] = [];
  for (const chat of chats) {
    const title = titleOf(new Date(chat.updatedAt), today);
    const last = groups.at(-1);
    if (last?.title === title) last.chats.push(chat);
    else groups.push({ title, chats: [chat] });
  }
  return groups;
}

function titleOf(time: Date, today: number): string {
  const days = Math.round((today - midnightOf(time)) / dayMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return 'Last 7 days';
  if (days < 30) return 'Last 30 days';
  return 'Earlier';
}
