/** What errors of the providers' clients have; some have it inside the response. */
interface Answered {
  readonly headers?: unknown;
  readonly response?: { readonly headers?: unknown } | null;
}

/**
 * How long a provider asks to wait, in milliseconds, as `retry-after-ms` or as `retry-after` in seconds or as a date;
 * null where it says nothing that can be read.
 *
 * @param error what a provider's client threw
 */
export function retryAfterMs(error: unknown, now: number = Date.now()): number | null {
  const { headers, response } = (error ?? {}) as Answered;
  const get = reader(headers) ?? reader(response?.headers);
  if (!get) return null;
  const said = get('retry-after')?.trim() ?? '';
  const date = Date.parse(said);
  return (
    count(get('retry-after-ms')) ??
    count(said, 1_000) ??
    // A date has letters; without them a number that is none would be taken for a year.
    (/[a-z]/i.test(said) && Number.isFinite(date) ? Math.max(0, date - now) : null)
  );
}

type Get = (name: string) => string | null | undefined;

function reader(headers: unknown): Get | null {
  if (typeof headers !== 'object' || headers === null || !('get' in headers)) return null;
  return typeof headers.get === 'function' ? (headers.get as Get).bind(headers) : null;
}

function count(text: string | null | undefined, unit = 1): number | null {
  return /^\s*\d+(\.\d+)?\s*$/.test(text ?? '') ? Number(text) * unit : null;
}
