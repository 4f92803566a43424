/** Milliseconds from `close()` to the moment when a socket whose other end keeps silent is given up. */
const closeMs = 500;

/** Milliseconds in which a socket has to open. The upgrade of a living server on a bad line takes a tenth of that. */
const openMs = 5_000;

/** A WebSocket class: the global one of Node and browsers, or that of the `ws` package. */
export type WebSocketClass = new (url: string) => {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
};

/** Told once about each socket's opening and once about its end, before anybody else hears of it. */
export interface SocketWatcher {
  opening(socket: WebSocket): void;
  opened(socket: WebSocket): void;
  lost(socket: WebSocket, code: number, reason: string): void;
}

/**
 * A WebSocket class whose sockets never hang: one that does not open in time, or whose other end does not answer
 * `close()`, dispatches its `close` event all the same, exactly once.
 *
 * The standard gives a dead link half a minute or more, and keep-alive can only call `close()`.
 */
export function watchedSocket(Base: WebSocketClass, watcher: SocketWatcher): typeof WebSocket {
  return class WatchedSocket extends (Base as typeof WebSocket) {
    #wasOpen = false;
    #isOver = false;
    #openDeadline: ReturnType<typeof setTimeout>;
    #closeDeadline: ReturnType<typeof setTimeout> | undefined;

    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      watcher.opening(this);
      this.#openDeadline = setTimeout(() => this.close(), openMs);
      this.addEventListener('open', () => this.#onOpen());
      this.addEventListener('error', (event) => this.#isOver && event.stopImmediatePropagation());
      this.addEventListener('close', (event) => this.#onClose(event));
    }

    override close(code?: number, reason?: string): void {
      clearTimeout(this.#openDeadline);
      if (!this.#isOver) this.#closeDeadline ??= setTimeout(() => this.#giveUp(), closeMs);
      super.close(code, reason);
    }

    #onOpen(): void {
      clearTimeout(this.#openDeadline);
      this.#wasOpen = true;
      watcher.opened(this);
    }

    #onClose(event: CloseEvent): void {
      if (this.#isOver) {
        event.stopImmediatePropagation();
        return;
      }
      this.#isOver = true;
      clearTimeout(this.#openDeadline);
      clearTimeout(this.#closeDeadline);
      watcher.lost(this, event.code, event.reason);
    }

    /** `ws` can end a socket at once; elsewhere it is left to die alone and its end is told now. */
    #giveUp(): void {
      if ('terminate' in this && typeof this.terminate === 'function') {
        this.terminate();
        return;
      }
      // Whoever waits for the opening listens for an error, not for the end.
      if (!this.#wasOpen) this.dispatchEvent(new Event('error'));
      this.dispatchEvent(Object.assign(new Event('close'), { code: 1006, reason: '', wasClean: false }));
    }
  };
}
