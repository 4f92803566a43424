import { limits } from '../../../shared/limits.ts';
import { cleanJson, cutText } from '../../../shared/text.ts';

/** Stands where an output was cut. */
const cutMark = ' […]';

/** What a tool gave back, as JSON that can be kept and told to a model. Too long, it becomes the beginning of its text. */
export function toolOutput(output: unknown, units: number = limits.toolOutput): unknown {
  const text = typeof output === 'string' ? output : asJson(output);
  if (text.length > units) return cleanJson(`${cutText(text, units)}${cutMark}`);
  return cleanJson(typeof output === 'string' ? output : JSON.parse(text));
}

function asJson(output: unknown): string {
  // Undefined, a function and the like have no JSON.
  const text: string | undefined = JSON.stringify(output);
  return text ?? 'null';
}

/** Why a tool failed, in few words: for the model, and for the person. */
export function toolError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return String(toolOutput(message === '' ? 'it failed without saying why' : message, errorText));
}

/** UTF-16 units. */
const errorText = 2_000;
