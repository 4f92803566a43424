import { useEffect, useEffectEvent, useRef } from 'react';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';
import { isCovered } from '../ui/shortcuts.ts';

interface StopButtonProps {
  readonly onStop: () => Promise<void>;
}

/**
 * Stops the answer that is being written, and so does Escape. Gone with its run, so it stays pressed until the server
 * has ended that.
 */
export function StopButton({ onStop }: StopButtonProps) {
  const { isBusy, problem, attempt } = useAttempt();
  const button = useRef<HTMLButtonElement>(null);
  const isAsked = useRef(false);

  const stop = async (): Promise<void> => {
    if (isAsked.current) return;
    isAsked.current = true;
    // The button goes with its run; the next Tab shall go on from here all the same.
    if (document.activeElement === button.current) button.current?.form?.focus();
    const isDone = await attempt(onStop);
    if (!isDone) isAsked.current = false;
  };
  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || isCovered()) return;
    event.preventDefault();
    void stop();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onEscape(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);

  return (
    <>
      {problem !== null && (
        <span className="problem" role="alert">
          Not stopped: {problem}
        </span>
      )}
      <button
        ref={button}
        type="button"
        className="stop"
        disabled={isBusy}
        title="Stop the answer (Escape)"
        onClick={() => void stop()}
      >
        <Icon name="stop" /> Stop
      </button>
    </>
  );
}
