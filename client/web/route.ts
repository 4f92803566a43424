import { useSyncExternalStore } from 'react';

/** What the page shows. It stands in the address, after the #: a reload or a bookmark leads back. */
export type Route =
  | { readonly kind: 'new' }
  /** With a message that is to be brought into view. */
  | { readonly kind: 'chat'; readonly chatId: string; readonly messageId: string | null }
  /** One's own assistants; with an id, or `new`, the form for one of them. */
  | { readonly kind: 'assistants'; readonly assistantId: string | null }
  /** What one's model calls have used. */
  | { readonly kind: 'usage' }
  /** One's own workflows, in the same way. */
  | { readonly kind: 'workflows'; readonly workflowId: string | null }
  /** A chat that somebody has shared. */
  | { readonly kind: 'shared'; readonly shareId: string };

const shared = '/shared/';
const assistants = '/assistants';
const usage = '/usage';

export const usageAddress = `#${usage}`;
const workflows = '/workflows';

/** What is shown: the address, unless somebody holds the page there. */
let shown = location.hash;

/** Its place among what was shown in this tab, which the browser keeps with each of them. */
let place = placeNow() ?? keepPlace(0);

/** Is told where somebody wants to go, and has them stay meanwhile. */
let holder: ((address: string) => void) | null = null;

const listeners = new Set<() => void>();

addEventListener('hashchange', () => {
  const wanted = location.hash;
  if (wanted === shown) return;
  // What a link leads to has none yet, and comes next.
  const next = placeNow() ?? keepPlace(place + 1);
  if (holder) {
    history.go(place - next);
    holder(wanted);
  } else {
    [shown, place] = [wanted, next];
    for (const listener of listeners) listener();
  }
});

function placeNow(): number | undefined {
  return (history.state as { place?: number } | null)?.place;
}

function keepPlace(place: number): number {
  history.replaceState({ place }, '');
  return place;
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => shown));
}

/** The page stays where it is until what is returned is called, or somebody calls `leaveFor`. */
export function holdPage(onLeave: (address: string) => void): () => void {
  holder = onLeave;
  return () => {
    if (holder === onLeave) holder = null;
  };
}

/** Goes there without asking anybody: what was written is saved, or given up. */
export function leaveFor(address: string): void {
  holder = null;
  location.hash = address;
}

/** Shows the chat; null: a new one. */
export function goTo(chatId: string | null): void {
  location.hash = chatId ?? '';
}

/** @param messageId brought into view */
export function addressOf(chatId: string | null, messageId?: string): string {
  return `#${chatId ?? ''}${messageId === undefined ? '' : `/${messageId}`}`;
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
  if (path === usage) return { kind: 'usage' };
  if (path === assistants) return { kind: 'assistants', assistantId: null };
  if (path.startsWith(`${assistants}/`)) return { kind: 'assistants', assistantId: path.slice(assistants.length + 1) };
  if (path === workflows) return { kind: 'workflows', workflowId: null };
  if (path.startsWith(`${workflows}/`)) return { kind: 'workflows', workflowId: path.slice(workflows.length + 1) };
  const [chatId = '', messageId] = path.split('/');
  return { kind: 'chat', chatId, messageId: messageId || null };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
