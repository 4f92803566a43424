/** The text of a body in the charset that its type names; UTF-8 where it names none, or one that is not known. */
export function bodyText(bytes: Uint8Array, contentType: string): string {
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Whether a body of this type can be read by people and models; one without a type is taken for text. */
export function isText(contentType: string): boolean {
  return (
    contentType === '' ||
    /^(text\/|application\/([\w.-]+\+)?(json|xml|xhtml\+xml|javascript|yaml|x-ndjson)\b)/i.test(contentType)
  );
}
