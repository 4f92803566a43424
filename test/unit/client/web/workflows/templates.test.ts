import { expect, test } from 'vitest';
import { templates } from '../../../../../client/web/workflows/templates.ts';
import { validateWorkflow } from '../../../../../server/handlers/workflow/validation/validate-workflow.ts';

test.each(templates)('[PAGE-92] the template “$name” has no problem', ({ definition }) => {
  expect(validateWorkflow(definition)).toEqual([]);
});
