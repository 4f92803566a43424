import { useSyncExternalStore } from 'react';

/** What the page shows. It stands in the address, after the #: a reload or a bookmark leads back. */
export type Route =
  | { readonly kind: 'new' }
  | { readonly kind: 'chat'; readonly chatId: string }
  /** One's own assistants; with an id, or `new`, the form for one of them. */
  | { readonly kind: 'assistants'; readonly assistantId: string | null }
  /** One's own workflows, in the same way. */
  | { readonly kind: 'workflows'; readonly workflowId: string | null }
  /** A chat that somebody has shared. */
  | { readonly kind: 'shared'; readonly shareId: string };

const shared = '/shared/';
const assistants = '/assistants';
const workflows = '/workflows';

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => location.hash));
}

/** Shows the chat; null: a new one. */
export function goTo(chatId: string | null): void {
  location.hash = chatId ?? '';
}

export function addressOf(chatId: string | null): string {
  return `#${chatId ?? ''}`;
}

/** For others, so it is whole. */
export function sharedAddress(shareId: string): string {
  return `${location.origin}${location.pathname}#${shared}${shareId}`;
}

/** All of one's own, the one with this id, or with `new` the form for another one. */
export function assistantsAddress(assistantId?: string): string {
  return assistantId === undefined ? `#${assistants}` : `#${assistants}/${assistantId}`;
}

/** The same for workflows. */
export function workflowsAddress(workflowId?: string): string {
  return workflowId === undefined ? `#${workflows}` : `#${workflows}/${workflowId}`;
}

function routeOf(hash: string): Route {
  const path = hash.slice(1);
  if (path === '') return { kind: 'new' };
  if (path.startsWith(shared)) return { kind: 'shared', shareId: path.slice(shared.length) };
  if (path === assistants) return { kind: 'assistants', assistantId: null };
  if (path.startsWith(`${assistants}/`)) return { kind: 'assistants', assistantId: path.slice(assistants.length + 1) };
  if (path === workflows) return { kind: 'workflows', workflowId: null };
  if (path.startsWith(`${workflows}/`)) return { kind: 'workflows', workflowId: path.slice(workflows.length + 1) };
  return { kind: 'chat', chatId: path };
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
