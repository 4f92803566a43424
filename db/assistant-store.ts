import type { Assistant } from '../shared/assistant.ts';
import type { AssistantSettings, AssistantVersion } from '../shared/assistant-settings.ts';
import type { AssistantFeedback } from '../shared/assistant-feedback.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import type { Page } from './store.ts';

export interface ListAssistants extends Page {
  /** Only the user's own; otherwise the published ones of everybody as well. */
  readonly mine?: boolean | undefined;
}

/**
 * Assistants as people make them. One of another user is seen while it is published, never changed: for a change it is
 * like a missing one, `NOT_FOUND` with the same words; so are those that came with the server, and deleted ones.
 */
export interface AssistantStore {
  /** Version 1, not published. Errors: `TOO_LARGE` when the user has as many as anybody may have. */
  createAssistant(userId: UserId, id: AppId, settings: AssistantSettings): Promise<Assistant>;
  /** One's own, or a published one. Errors: `NOT_FOUND`. */
  assistant(userId: UserId, id: AppId): Promise<Assistant>;
  /** Oldest first. */
  assistants(userId: UserId, query: ListAssistants): Promise<{ assistants: Assistant[]; nextCursor: string | null }>;
  /** Its newest version. Errors: `NOT_FOUND`. */
  newestVersion(userId: UserId, id: AppId): Promise<AssistantVersion>;
  /** Makes the next version of what is the given one still; null when it is not. Errors: `NOT_FOUND`. */
  updateAssistant(userId: UserId, version: AssistantVersion): Promise<Assistant | null>;
  /** Twice is once. Errors: `NOT_FOUND`. */
  publishAssistant(userId: UserId, id: AppId, published: boolean): Promise<Assistant>;
  /** What it answered stays readable. Errors: `NOT_FOUND`. */
  deleteAssistant(userId: UserId, id: AppId): Promise<void>;
  /** Newest first. Errors: `NOT_FOUND`. */
  versions(userId: UserId, id: AppId, page: Page): Promise<{ versions: AssistantVersion[]; nextCursor: string | null }>;
  /** What people think of its answers; the page is of the comments, newest first. Errors: `NOT_FOUND`. */
  feedback(userId: UserId, id: AppId, page: Page): Promise<AssistantFeedback>;
}
