import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../../../client/web/markdown/blocks.ts';
import type { Block } from '../../../../client/web/markdown/blocks.ts';
import { CodeBlock } from '../../../../client/web/markdown/code-block.tsx';
import { Markdown } from '../../../../client/web/markdown/markdown.tsx';

/** Ends of lines between elements come and go with the cut and are not seen. */
const seen = (html: string): string => html.replaceAll(/\s*\n\s*(?=<)|(?<=>)\s*\n\s*/g, '');
const draw = (text: string): string => seen(renderToStaticMarkup(createElement(Markdown, null, text)));
const drawBlock = (block: Block): string =>
  block.kind === 'markdown' ? draw(block.text) : seen(renderToStaticMarkup(createElement(CodeBlock, block)));
const drawCut = (text: string): string => blocksOf(text, true).map(drawBlock).join('');

const pieces = [
  'A line of words.',
  'Two lines\nof words.',
  '# A heading',
  '- one\n- two',
  '1. first\n\n2. second, after a blank line',
  '- with a paragraph\n\n  that goes on\n\n- and a third',
  '- with code\n\n  ```js\n  let a;\n\n  let b;\n  ```\n\n- and on',
  '```ts\nconst a = 1;\n\n# no heading\n\nconst b = 2;\n```',
  '~~~\n```\n\n~~~',
  '````md\n```\n\n```\n````',
  '> quoted\n> twice',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '    indented code\n\n    goes on',
  'words before\n```\ncode\n```\nwords after',
  '***',
  'A setext heading\n===',
];

describe('the blocks of an answer', () => {
  test('[PAGE-33] blocks drawn one by one look like the whole text drawn at once', () => {
    const texts = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 });
    const between = fc.constantFrom('\n\n', '\n\n\n');
    fc.assert(
      fc.property(texts, between, (parts, gap) => {
        const text = parts.join(gap);
        expect(drawCut(text)).toBe(draw(text));
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test('[PAGE-33] text that is added leaves the blocks before the last one as they were', () => {
    const text = pieces.slice(0, 13).join('\n\n');
    for (let length = 1; length < text.length; length += 1) {
      const before = blocksOf(text.slice(0, length), true).slice(0, -1);
      // A line that has only begun may turn out to go on with a list; the block before it is then the last one.
      const after = blocksOf(text, true);
      const kept = before.slice(0, -1);
      expect(after.slice(0, kept.length)).toEqual(kept);
    }
  });

  test('[PAGE-33] a fence that is open is code to the end, and its language is its first word', () => {
    expect(blocksOf('So:\n```ts title="x"\nlet a\n\nlet b', true)).toEqual([
      { kind: 'markdown', text: 'So:' },
      { kind: 'code', language: 'ts', text: 'let a\n\nlet b' },
    ]);
    expect(blocksOf('```\r\na\r\n```\r\n', true)).toEqual([{ kind: 'code', language: '', text: 'a' }]);
  });

  test('[PAGE-33] a finished text whose definitions reach everywhere stays in one piece', () => {
    const text = 'See [the page][1].\n\nMore.\n\n[1]: https://example.org';
    expect(blocksOf(text, true).length).toBeGreaterThan(1);
    expect(blocksOf(text, false)).toEqual([{ kind: 'markdown', text }]);
    expect(draw(text)).toContain('href="https://example.org/"');
  });
});
