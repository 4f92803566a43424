export type ParsedJson =
  | { readonly mistake: null; readonly value: unknown }
  | { readonly mistake: string; readonly value?: never };

/** What a person has written as JSON, or where it is none. */
export function parseJson(text: string): ParsedJson {
  try {
    return { mistake: null, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { mistake: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
