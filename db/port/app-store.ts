import type { AssistantVersion } from '../../shared/assistant-settings.ts';
import type { AppId, UserId } from '../../shared/ids.ts';
import type { Workflow } from '../../shared/workflow.ts';

/** What answers: assistants and workflows, for their runs. */
export interface AppStore {
  /**
   * One version of an assistant, for a run of it; null for the newest. Whether it may be used was asked before. One that was
   * read is known: a version never changes.
   */
  assistant(id: AppId, version: number | null): Promise<AssistantVersion | null>;
  /** One version of a workflow, for a run of it; null for the newest. Whether it may be used was asked before. */
  workflow(id: AppId, version: number | null): Promise<Workflow | null>;
  /** Whether one workflow may run another as a part of it: they have the same owner, or it is published; none a deleted one. */
  mayRunWorkflow(outer: AppId, inner: AppId): Promise<boolean>;
  /** Whether the user may change it, and so see what goes through its nodes. */
  ownsWorkflow(userId: UserId, id: AppId): Promise<boolean>;
}
