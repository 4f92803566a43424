/** Pixels between a button and what it opens, and between that and the edge of the window. */
const gap = 6;

/** Puts an open popover under the right end of its button, or above it where there is no room. */
export function placeBelow(popover: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const isRoomBelow = from.bottom + gap + height <= innerHeight - gap;
  const top = isRoomBelow ? from.bottom + gap : Math.max(gap, from.top - gap - height);
  const left = Math.min(Math.max(gap, from.right - width), innerWidth - width - gap);
  popover.style.top = `${top}px`;
  popover.style.left = `${left}px`;
}
