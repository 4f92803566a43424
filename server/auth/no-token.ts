import { SwitchboardError } from '../../shared/errors.ts';

/** Whoever calls has not said who it is, or not rightly. */
export function noToken(came = 'none or one that is not valid'): SwitchboardError {
  return new SwitchboardError('UNAUTHENTICATED', `expected a valid token, got ${came}`);
}
