import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ServerOptions } from '../../server/index.ts';

export interface Measured {
  /** Bytes of resident memory. */
  readonly rss: number;
  /** Bytes that are in use after a collection: of the heap and of what it holds outside. */
  readonly live: number;
  /** Bytes that wait in all sockets together for their readers. */
  readonly buffered: number;
  /** Milliseconds of processor time since the start. */
  readonly cpuMs: number;
  /** The longest that the event loop was held up since the last measurement, in milliseconds. */
  readonly longestMs: number;
  /** What the server has logged as an error. */
  readonly problems: readonly string[];
}

/** A server in a process of its own, which can be measured. Its assistants produce what `measured-server-child.ts` says. */
export interface MeasuredServer extends AsyncDisposable {
  readonly url: string;
  measure(): Promise<Measured>;
}

export async function startMeasuredServer(
  options: Pick<ServerOptions, 'databaseUrl' | 'limits'> = {},
): Promise<MeasuredServer> {
  const child = fork(new URL('measured-server-child.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--expose-gc'],
  });
  const exited = once(child, 'exit');
  const answer = async (): Promise<unknown> => {
    const died = exited.then(() => Promise.reject(new Error('the measured server has ended')));
    const [message] = (await Promise.race([once(child, 'message'), died])) as [unknown];
    return message;
  };
  const { url } = (await answer()) as { url: string };
  return {
    url,
    measure: () => {
      const measured = answer() as Promise<Measured>;
      child.send('measure');
      return measured;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.send('close');
      await exited;
    },
  };
}
