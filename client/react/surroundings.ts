/** What is around the components: whether anybody looks at them, and when somebody looks again. */
export interface Surroundings {
  isVisible(): boolean;
  /** Called whenever somebody comes back to the page; returns what ends that. */
  onReturn(listener: () => void): () => void;
}

/** The browser's window; where there is none (a server, a native app), what is rendered counts as looked at. */
export const surroundings: Surroundings = {
  isVisible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
  onReturn(listener) {
    if (typeof document === 'undefined') return () => {};
    const whenVisible = (): void => {
      if (document.visibilityState === 'visible') listener();
    };
    document.addEventListener('visibilitychange', whenVisible);
    addEventListener('focus', whenVisible);
    return () => {
      document.removeEventListener('visibilitychange', whenVisible);
      removeEventListener('focus', whenVisible);
    };
  },
};
