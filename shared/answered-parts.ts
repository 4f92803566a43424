import type { FilePart, Part } from './message.ts';

type InputPart = Extract<Part, { type: 'input' }>;

/** How a question was settled: by a person, or by the end of its time. */
interface SettledQuestion {
  readonly inputId: string;
  readonly value: unknown;
  /** The files that the value names, by field. */
  readonly files?: Readonly<Record<string, readonly FilePart[]>>;
  readonly answeredBy: string;
  readonly expired: boolean;
}

/** The part of a question with its answer: files by their names there, not by their ids alone. */
function answeredPart(part: InputPart, { value, files = {}, answeredBy, expired }: SettledQuestion): InputPart {
  return { ...part, ...(!expired && { answer: told(value, files) }), answeredBy };
}

/** Of the parts those that have asked and do not say yet how that was settled: with the answer. */
export function newlyAnswered(parts: readonly Part[], settled: readonly SettledQuestion[]): InputPart[] {
  const settledOf = new Map(settled.map((one) => [one.inputId, one]));
  return parts.flatMap((part) => {
    const one = part.type === 'input' && part.answeredBy === undefined ? settledOf.get(part.inputId) : undefined;
    return part.type === 'input' && one ? [answeredPart(part, one)] : [];
  });
}

/** The same parts, in which each question that was settled says so. */
export function withAnswers(parts: readonly Part[], settled: readonly SettledQuestion[]): Part[] {
  const answered = new Map(newlyAnswered(parts, settled).map((part) => [part.inputId, part]));
  return parts.map((part) => (part.type === 'input' && answered.get(part.inputId)) || part);
}

function told(value: unknown, files: Readonly<Record<string, unknown>>): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, ...files } : value;
}
