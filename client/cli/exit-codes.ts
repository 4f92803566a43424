import type { Ending } from '../../shared/run.ts';

/** How a command ends, as its exit code. */
export const exitCodes = {
  completed: 0,
  failed: 1,
  noServer: 2,
  stopped: 3,
  interrupted: 4,
  refused: 5,
  /** Somebody stopped the answer before it: what waits goes on when somebody says so. */
  paused: 6,
  /** The answer waits for a person, and here is none. */
  asked: 7,
  /** Left by a second Ctrl-C, as shells have it: 128 + SIGINT. */
  left: 130,
} as const satisfies Record<Ending | 'noServer' | 'refused' | 'paused' | 'asked' | 'left', number>;

export const exitCodeHelp = `
Exit codes:
  0  the answer is complete
  1  the answer failed; the reason is on stderr
  2  no server was reached: within 2 seconds at the start, or for a minute later on
  3  the answer was stopped (Ctrl-C, or from somewhere else), or its chat deleted
  4  the answer was interrupted: the server was stopped or crashed in the middle of it
  5  the input or the options were refused; the reason is on stderr
  6  the message waits, and its queue was paused: the answer before it was stopped from somewhere else
  7  the answer waits for a person; the ids of the chat and of the question are on stderr
  130  left by a second Ctrl-C; the answer goes on without you`;

/** For commands that only read. */
export const readingExitCodeHelp = `
Exit codes:
  0  done, or stopped by Ctrl-C
  2  no server was reached: within 2 seconds at the start, or for a minute later on
  5  the options were refused; the reason is on stderr`;

export const environmentHelp = `
Environment:
  SWITCHBOARD_URL    the server, where --url is not given (http://127.0.0.1:3000)
  SWITCHBOARD_TOKEN  who you are, where --token is not given`;
