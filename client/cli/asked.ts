import type { ToolPart } from '../../shared/message.ts';
import type { InputRequest } from '../../shared/run.ts';
import { localTime } from './chat-line.ts';

/** A question that an answer waits for; `tool` is the call that it is about. */
export interface Asked {
  readonly request: InputRequest;
  readonly tool: ToolPart | null;
}

/** A choice, or the value of a field: `value` is what is answered, `label` what people read. */
export interface Choice {
  readonly value: unknown;
  readonly label: string;
}

type Schema = Readonly<Record<string, unknown>>;

/** What a schema with `enum`, or `oneOf` of constants, lets one choose from; empty for others. */
export function choicesOf({ enum: values, oneOf }: Schema): Choice[] {
  if (Array.isArray(values)) return values.map((value: unknown) => ({ value, label: words(value) }));
  if (!Array.isArray(oneOf)) return [];
  return (oneOf as Schema[])
    .filter((one) => 'const' in one)
    .map(({ const: value, title }) => ({ value, label: typeof title === 'string' ? title : words(value) }));
}

/** A question for people to read, on lines of its own. */
export function askedWords({ request, tool }: Asked): string {
  const choices = choicesOf(request.schema).map(({ label }, index) => `\n  ${index + 1}  ${label}`);
  const call = tool && request.kind === 'approval' ? `\n  ${tool.name} ${JSON.stringify(tool.input)}` : '';
  const until = request.expiresAt === undefined ? '' : `\n  (open until ${localTime(request.expiresAt)})`;
  return `${request.prompt.trim()}${call}${choices.join('')}${until}`;
}

/** Who has answered a question, where it was somebody else. */
export function answeredWords(answeredBy: string | null): string {
  if (answeredBy === null) return 'the question was withdrawn';
  return answeredBy === 'expiry' ? 'nobody answered in time' : `somebody else has answered the question: ${answeredBy}`;
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
