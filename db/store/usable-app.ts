import { sql } from 'drizzle-orm';
import { assistants, workflows } from '../schema.ts';

/**
 * The version of what answers in `chat` (the name that the chat has to have in the statement), as it is now. Null where
 * it does not answer its owner (any more): it is gone, or neither published nor the owner's own.
 */
export const usableVersion = sql<number | null>`case chat.app_kind
  when 'assistant' then (
    select version from ${assistants} as app
    where app.id = chat.app_id and app.deleted_at is null and (app.published or app.owner_id = chat.owner_id)
  )
  when 'workflow' then (
    select version from ${workflows} as app
    where app.id = chat.app_id and app.deleted_at is null and (app.published or app.owner_id = chat.owner_id)
  )
end`;
