import type { Database } from '../db/connect.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { HandlersOptions } from './handlers/index.ts';

/** What a user may ask of the assistants that there are: their own and published ones. */
export function seenAssistant({
  assistants,
  store,
}: Pick<Database, 'assistants' | 'store'>): HandlersOptions['assistantOf'] {
  return async (id, userId) => {
    try {
      const { version } = await assistants.assistant(userId, id);
      return await store.assistant(id, version);
    } catch (error) {
      if (error instanceof SwitchboardError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  };
}
