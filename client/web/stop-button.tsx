import { useState } from 'react';
import type { MouseEvent } from 'react';
import { infoOf } from '../index.ts';
import type { ChatStore } from '../index.ts';

/** Stops the answer that is being written. Gone with its run, so it stays pressed until the server has ended that. */
export function StopButton({ store }: { readonly store: ChatStore }) {
  const [isStopping, setStopping] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const stop = async ({ currentTarget }: MouseEvent<HTMLButtonElement>): Promise<void> => {
    // The button goes with its run; the next Tab shall go on from here all the same.
    currentTarget.form?.focus();
    setStopping(true);
    setError(null);
    try {
      await store.stop();
    } catch (reason) {
      setError(infoOf(reason).message);
      setStopping(false);
    }
  };

  return (
    <>
      {error !== null && (
        <span className="problem" role="alert">
          Not stopped: {error}
        </span>
      )}
      <button type="button" className="stop" disabled={isStopping} onClick={(event) => void stop(event)}>
        Stop
      </button>
    </>
  );
}
