import type { AppId } from '../shared/ids.ts';

/** The seeded assistant that answers in a chat that was created without an app. */
export const defaultAssistantId = '01930000-0000-7000-8000-000000000001' as AppId;
