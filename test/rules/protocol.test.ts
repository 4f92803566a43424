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
const locked = '3f38b26ba75333665627053d9319f6ca445a54375e893e5eb2e4c8526cf496c6';

describe('protocol', () => {
  test('[WIR-1] the wire schemas are those that were agreed on', () => {
    const hash = createHash('sha256').update(JSON.stringify(describeProtocol())).digest('hex');
    expect(hash).toBe(locked);
  });
});
