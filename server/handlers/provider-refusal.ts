/** A provider's answer that is no stream, with what `readFailure` looks for. */
export class ProviderRefusal extends Error {
  readonly status: number;
  readonly headers: Headers;
  /** What the body says went wrong; undefined where it is no JSON. */
  readonly error: unknown;

  constructor({ status, headers }: Response, text: string, error: unknown) {
    super(`${status} ${text === '' ? '(no body)' : text}`);
    this.status = status;
    this.headers = headers;
    this.error = error;
  }
}

/** Reads a response with a status that is no success. */
export async function refusalOf(response: Response): Promise<ProviderRefusal> {
  const text = await response.text();
  return new ProviderRefusal(response, text, errorIn(text));
}

function errorIn(text: string): unknown {
  try {
    const body = JSON.parse(text) as { readonly error?: unknown } | null;
    return body?.error ?? undefined;
  } catch {
    return undefined;
  }
}
