import { useLayoutEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type { PlacedProblem } from './placed-problems.ts';
import { lineBreakAt, typeText } from './type-text.ts';

/** Pixels of one line; the style sheet gives it the same. */
const lineHeight = 20;

/** Columns of a tab; the style sheet says the same. */
const tabSize = 2;

interface JsonEditorProps {
  readonly id: string;
  readonly describedBy: string;
  readonly text: string;
  readonly problems: readonly PlacedProblem[];
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly onChange: (text: string) => void;
}

/**
 * A text with numbered lines, and what is wrong beside the line in which it is. What is drawn around the field is for
 * those who see it: for others the same has to stand in words behind `describedBy`.
 */
export function JsonEditor({ id, describedBy, text, problems, field, onChange }: JsonEditorProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.split('\n'), [text]);
  const byLine = useMemo(() => Map.groupBy(problems, ({ line }) => line), [problems]);
  const follow = (): void => {
    const { scrollTop = 0, scrollLeft = 0 } = field.current ?? {};
    if (gutter.current) gutter.current.style.transform = `translateY(${-scrollTop}px)`;
    if (marks.current) marks.current.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
  };
  useLayoutEffect(follow);

  return (
    <div className="json-editor" data-wrong={problems.length > 0 || undefined}>
      <div className="json-gutter" aria-hidden="true">
        <div ref={gutter}>
          {lines.map((_, index) => (
            // A line has nothing but its place.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={index} data-wrong={byLine.has(index + 1) || undefined}>
              {index + 1}
            </span>
          ))}
        </div>
      </div>
      <div className="json-text">
        <textarea
          ref={field}
          id={id}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-describedby={describedBy}
          aria-invalid={problems.length > 0}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={indentLine}
          onScroll={follow}
        />
        <div className="json-marks" aria-hidden="true">
          <div ref={marks}>
            {[...byLine].map(([line, found]) => (
              <LineMark key={line} line={line} columns={columnsOf(lines[line - 1] ?? '')} problems={found} />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Tab leaves the field, for those who use no pointer; a new line begins where the one before did. */
function indentLine(event: KeyboardEvent<HTMLTextAreaElement>): void {
  const { key, shiftKey, ctrlKey, metaKey, altKey, nativeEvent, currentTarget } = event;
  if (key !== 'Enter' || shiftKey || ctrlKey || metaKey || altKey || nativeEvent.isComposing) return;
  event.preventDefault();
  typeText(currentTarget, lineBreakAt(currentTarget));
}

interface LineMarkProps {
  readonly line: number;
  readonly columns: number;
  readonly problems: readonly PlacedProblem[];
}

function LineMark({ line, columns, problems }: LineMarkProps) {
  return (
    <div className="json-mark" data-line={line} style={{ top: (line - 1) * lineHeight }}>
      <span style={{ marginLeft: `${columns + 2}ch` }}>{problems.map(({ message }) => message).join(' · ')}</span>
    </div>
  );
}

/** As wide as the line is drawn. */
function columnsOf(line: string): number {
  let columns = 0;
  for (const character of line) columns += character === '\t' ? tabSize - (columns % tabSize) : 1;
  return columns;
}
