export interface Posted {
  readonly status: number;
  readonly text: string;
}

interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Blob | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** A request that tells how much of it has left. Only browsers know, and their `fetch` does not say. */
export async function postWithProgress(post: Post): Promise<Posted> {
  const { XMLHttpRequest: Request } = globalThis as { XMLHttpRequest?: typeof XMLHttpRequest };
  if (Request) return postFromBrowser(new Request(), post);
  const { url, headers, body, signal, onProgress } = post;
  const response = await fetch(url, { method: 'POST', headers, body, signal });
  onProgress(1);
  return { status: response.status, text: await response.text() };
}

function postFromBrowser(request: XMLHttpRequest, post: Post): Promise<Posted> {
  const { url, headers, body, signal, onProgress } = post;
  return new Promise<Posted>((resolve, reject) => {
    const abort = (): void => request.abort();
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total));
    request.addEventListener('load', () => resolve({ status: request.status, text: request.responseText }));
    request.addEventListener('error', () => reject(new Error('the connection was lost')));
    request.addEventListener('abort', () => reject(signal.reason as Error));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    request.send(body);
  });
}
