const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const isOpening = (unit: number): boolean => unit === 0x5b || unit === 0x7b;
const isClosing = (unit: number): boolean => unit === 0x5d || unit === 0x7d;

/**
 * How many calls a frame has, without reading them: to make a hundred thousand objects of a frame, only to refuse them,
 * would hold up everybody else. Stops counting past `atMost`. Of what is no JSON it says anything.
 */
export function countCalls(frame: string, atMost: number): number {
  if (!/^\s*\[/.test(frame)) return 1;
  let depth = 0;
  let calls = 1;
  for (let at = 0; at < frame.length && calls <= atMost; at += 1) {
    const unit = frame.charCodeAt(at);
    if (unit === quote) at = endOfString(frame, at);
    else if (unit === comma) calls += depth === 1 ? 1 : 0;
    else if (isOpening(unit)) depth += 1;
    else if (isClosing(unit)) depth -= 1;
  }
  return calls;
}

/** Where the string that begins here ends; the end of the frame where it does not. */
function endOfString(frame: string, begin: number): number {
  let end = begin;
  do {
    end = frame.indexOf('"', end + 1);
    if (end < 0) return frame.length;
  } while (isEscaped(frame, end));
  return end;
}

function isEscaped(frame: string, at: number): boolean {
  let before = at - 1;
  while (frame.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}
