import type { Part } from '../shared/message.ts';
import type { SliceRow } from './rows.ts';

/**
 * An answer as far as it was recorded.
 *
 * @param before the parts with which its run was last put to work
 * @param slices of one run, in the order of their `seq`
 */
export function partialAnswer(before: readonly Part[], slices: readonly SliceRow[]): Part[] {
  const parts = [...before];
  for (const slice of slices) {
    const value = valueOf(slice, parts[slice.part]);
    if (value && slice.part <= parts.length) parts[slice.part] = value;
  }
  return parts;
}

function valueOf({ kind, offset, text, value }: SliceRow, have: Part | undefined): Part | null {
  if (kind === null) return value;
  const before = have && 'text' in have ? have.text : '';
  return { type: kind, text: before.slice(0, offset ?? 0) + (text ?? '') };
}
