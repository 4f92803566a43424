import type { InputAnswer } from '../../db/store.ts';
import { SwitchboardError } from '../../shared/errors.ts';

/** The answer's value, for a handler that cannot go on without one. Errors: `INPUT_EXPIRED`, with which its run fails. */
export function expectAnswer({ expired, value }: InputAnswer): unknown {
  if (expired)
    throw new SwitchboardError('INPUT_EXPIRED', 'nobody answered the question in time; send the message again');
  return value;
}
