import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { describeProtocol } from '../../shared/protocol.ts';

/**
 * The wire as it was last agreed on. When this test fails, something that clients see has changed:
 *
 * - A field or event type was added: put the new hash here; older clients skip what they don't know.
 * - Something was renamed, removed or narrowed: raise `protocolVersion` in shared/protocol.ts too, and say in the
 *   CHANGELOG what clients have to do.
 */
const locked = '24ea9613918f795f7f86711da9a48f8c68ff34d15ca3056b98745e349ee2c806';

describe('protocol', () => {
  test('[WIR-1] the wire schemas are those that were agreed on', () => {
    const hash = createHash('sha256').update(JSON.stringify(describeProtocol())).digest('hex');
    expect(hash).toBe(locked);
  });
});
