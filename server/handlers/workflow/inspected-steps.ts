import type { AppId, UserId } from '../../../shared/ids.ts';
import type { HandlerRun } from '../handler.ts';
import type { Program, StepId } from './program.ts';

/**
 * Whether a person is shown what goes through a step: they may edit the workflow that it is of, and all those around that.
 *
 * @param inspects whether a person may edit a workflow
 */
export async function inspectedSteps(
  { userId, app }: Pick<HandlerRun, 'userId' | 'app'>,
  { steps, versions }: Pick<Program, 'steps' | 'versions'>,
  inspects: (userId: UserId, id: AppId) => Promise<boolean>,
): Promise<(step: StepId) => boolean> {
  const ids = [app.id, ...(Object.keys(versions) as AppId[])];
  const own = new Map(await Promise.all(ids.map(async (id) => [id, await inspects(userId, id)] as const)));
  const isInspected = (id: StepId): boolean => {
    const scope = steps.get(id)?.scope ?? '';
    if (scope === '') return own.get(app.id) === true;
    const outer = steps.get(scope.slice(0, -1));
    return outer?.node.type === 'subworkflow' && own.get(outer.node.workflowId) === true && isInspected(outer.id);
  };
  return isInspected;
}
