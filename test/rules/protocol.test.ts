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
const locked = 'c97245af0348187db3dd0b10df8299f7980915da610f25909c96b818b6f0ab97';

describe('protocol', () => {
  test('[WIR-1] the wire schemas are those that were agreed on', () => {
    const hash = createHash('sha256').update(JSON.stringify(describeProtocol())).digest('hex');
    expect(hash).toBe(locked);
  });
});
