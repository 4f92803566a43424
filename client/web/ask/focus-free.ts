import { isCovered } from '../ui/shortcuts.ts';

/** Whether the focus may be moved: nobody is writing, choosing or reading anything with it. */
export function isFocusFree(): boolean {
  const { activeElement } = document;
  if (isCovered()) return false;
  if (activeElement === null || activeElement.matches('body, .scroller, form.composer')) return true;
  return activeElement.matches('.composer textarea') && (activeElement as HTMLTextAreaElement).value === '';
}
