/**
 * Does some work at once and then again and again, `everyMs` milliseconds after it was done last; never twice at once.
 * What fails is told, and tried again the next time. Returns its stop, which waits for what is under way.
 */
export function repeat(
  work: () => Promise<void>,
  everyMs: number,
  onFailed: (error: unknown) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let underWay = once();

  async function once(): Promise<void> {
    await work().catch(onFailed);
    if (isStopped) return;
    timer = setTimeout(() => {
      underWay = once();
    }, everyMs).unref();
  }

  return () => {
    isStopped = true;
    clearTimeout(timer);
    return underWay;
  };
}
