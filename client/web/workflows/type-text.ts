/**
 * Writes over what is selected, as if it was typed: the field tells it as a change, and undo takes it back. There is no
 * other way to that: what a script gives a field as its value cannot be undone.
 */
export function typeText(field: HTMLTextAreaElement | null, text: string): void {
  field?.focus();
  // oxlint-disable-next-line typescript/no-deprecated -- see above
  document.execCommand('insertText', false, text);
}

/** The same over all that is there. The cursor is at the beginning then. */
export function typeWhole(field: HTMLTextAreaElement | null, text: string): void {
  field?.select();
  typeText(field, text);
  field?.setSelectionRange(0, 0);
  field?.scrollTo(0, 0);
}

/** The end of the line at the cursor, and as much room before the next one as its place wants. */
export function lineBreakAt({ value, selectionStart }: HTMLTextAreaElement): string {
  const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
  const [room = ''] = /^[ \t]*/.exec(line) ?? [];
  return `\n${room}${/[[{]\s*$/.test(line) ? '  ' : ''}`;
}
