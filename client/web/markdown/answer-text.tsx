import { lazy, memo, Suspense, useMemo } from 'react';
import { blocksOf } from './blocks.ts';
import type { Block } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { PlainOnError } from '../ui/plain-on-error.tsx';
import { PlainText } from './plain-text.tsx';

/** The parser comes after the first screen. Where it cannot be loaded, the text is shown as it was written. */
const load = () => import('./markdown.tsx').catch(() => ({ Markdown: PlainText }));
const Markdown = lazy(() => load().then(({ Markdown }) => ({ default: Markdown })));

/** Fetches the parser before it is needed. */
export function prepareMarkdown(): void {
  void load();
}

interface AnswerTextProps {
  readonly text: string;
  readonly isGrowing: boolean;
}

/** Markdown. While it grows only its last block is parsed again. */
export const AnswerText = memo(({ text, isGrowing }: AnswerTextProps) => {
  const blocks = useMemo(() => blocksOf(text, isGrowing), [text, isGrowing]);
  return (
    <div className={isGrowing ? 'text markdown growing' : 'text markdown'}>
      {blocks.map((block, index) => (
        // Blocks are never moved: what is added comes after them.
        // oxlint-disable-next-line react/no-array-index-key
        <BlockItem key={index} {...block} isGrowing={isGrowing && index === blocks.length - 1} />
      ))}
    </div>
  );
});

const BlockItem = memo((block: Block & { readonly isGrowing: boolean }) => {
  if (block.kind === 'code') return <CodeBlock language={block.language} text={block.text} />;
  const plain = <PlainText>{block.text}</PlainText>;
  if (isTooMuch(block.text, block.isGrowing)) return plain;
  return (
    <PlainOnError plain={plain}>
      <Suspense fallback={plain}>
        <Markdown>{block.text}</Markdown>
      </Suspense>
    </PlainOnError>
  );
});

/**
 * UTF-16 units without a single place to cut that are parsed: a fraction of a second once, but too long for every frame
 * while it grows.
 */
const longest = { growing: 20_000, whole: 200_000 } as const;

/** Quotations in quotations that nobody means; parsing them takes time with their square. */
const deepest = /^(?:> ?){100}/m;

function isTooMuch(text: string, isGrowing: boolean): boolean {
  return text.length > (isGrowing ? longest.growing : longest.whole) || deepest.test(text);
}
