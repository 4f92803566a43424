import type { Part } from '../../../shared/message.ts';

/** The parts of one kind. */
export type PartOf<Type extends Part['type']> = Extract<Part, { type: Type }>;
