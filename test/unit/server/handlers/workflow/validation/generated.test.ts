import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateWorkflow } from '../../../../../../server/handlers/workflow/validation/validate-workflow.ts';
import { workflows } from './generated-workflow.ts';
import { mutations } from './mutations.ts';

test('[WFV-1] whatever is built rightly has no problem', () => {
  fc.assert(
    fc.property(workflows, (definition) => {
      expect(validateWorkflow(definition)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('one thing wrong in a workflow that is right otherwise is told, naming the node and the fix:', () => {
  test.each(Object.entries(mutations))('[WFV-2] %s', (_, mutate) => {
    let broken = 0;
    const property = fc.property(workflows, fc.nat(), (definition, choice) => {
      const mutation = mutate(definition, choice);
      if (!mutation) return;
      broken++;
      const { nodes, edges, nodeId, message } = mutation;
      const about = validateWorkflow({ nodes, edges }).filter((problem) => problem.nodeId === nodeId);
      expect(about.map((problem) => `${problem.field}: ${problem.message}`).join('\n')).toMatch(message);
    });
    fc.assert(property, { numRuns: 50 });
    expect(broken).toBeGreaterThan(5);
  });
});
