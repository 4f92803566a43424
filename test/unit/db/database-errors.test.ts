import { inspect } from 'node:util';
import { DrizzleQueryError } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { storeError } from '../../../db/database-errors.ts';
import { SwitchboardError } from '../../../shared/errors.ts';

const coded = (code: string, message = 'reason') => Object.assign(new Error(message), { code });

describe('what the store makes of errors', () => {
  it.each(['ECONNREFUSED', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', '57P01', '08006', '53300'])(
    '[STO-26] %s is UNAVAILABLE, wrapped by drizzle too',
    (code) => {
      for (const error of [coded(code), new DrizzleQueryError('select 1', ['private'], coded(code))]) {
        const found = storeError(error);
        expect(found).toMatchObject({ code: 'UNAVAILABLE' });
        expect(inspect(found, { depth: 9 })).not.toContain('private');
      }
    },
  );

  it('[STO-26] one address of several that refused is UNAVAILABLE', () => {
    expect(storeError(new AggregateError([coded('ECONNREFUSED'), coded('ETIMEDOUT')]))).toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  it('[STO-26] a refused statement keeps code and reason and loses statement and values', () => {
    const error = new DrizzleQueryError('insert …', ['private'], coded('23505', 'duplicate key'));
    const found = storeError(error);
    expect(found.message).toBe('the database refused a statement: 23505 duplicate key');
    expect(inspect(found, { showHidden: true, depth: 9 })).not.toContain('private');
    const bare = storeError(new DrizzleQueryError('insert …', ['private'], new Error('crashed')));
    expect(inspect(bare, { showHidden: true, depth: 9 })).not.toContain('private');
  });

  it('[STO-26] our own errors pass as they are', () => {
    const own = new SwitchboardError('NOT_FOUND', 'There is no such chat.');
    expect(storeError(own)).toBe(own);
  });
});
