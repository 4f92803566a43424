import type { ComponentProps, JSX } from 'react';
import ReactMarkdown from 'react-markdown';
import type { Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { languageOf } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { OutwardLink } from './outward-link.tsx';

const plugins = [remarkGfm];

/** Headings of an answer stand below those of the page. */
const heading = (Tag: 'h2' | 'h3' | 'h4' | 'h5' | 'h6') =>
  function Heading({ children }: ComponentProps<'h2'>): JSX.Element {
    return <Tag>{children}</Tag>;
  };

/**
 * What a model may draw, and how. HTML stays text. Nothing is fetched: an image is a link with its description. No
 * element has an id, because two answers would have the same.
 */
const components: Components = {
  h1: heading('h2'),
  h2: heading('h3'),
  h3: heading('h4'),
  h4: heading('h5'),
  h5: heading('h6'),
  h6: heading('h6'),
  a: ({ href, children }) => <OutwardLink address={href}>{children}</OutwardLink>,
  img: ({ src, alt }) => (
    <OutwardLink address={typeof src === 'string' ? src : undefined}>{alt || 'image'}</OutwardLink>
  ),
  // Every end of a line within a paragraph is shown as one, this one too.
  br: () => null,
  li: ({ children, className }) => <li className={className}>{children}</li>,
  input: ({ checked }) => <span role="img" aria-label={checked ? 'done' : 'to do'} className="task" />,
  pre: ({ node }) => {
    const code = node?.children[0];
    if (code?.type !== 'element') return null;
    const names = code.properties['className'];
    const language = Array.isArray(names) ? String(names[0]).replace('language-', '') : '';
    const text = code.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
    return <CodeBlock language={languageOf(language)} text={text.replace(/\n$/, '')} />;
  },
  table: ({ children }) => (
    // A wide table scrolls sideways, with the arrow keys too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table" role="group" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
};

/** Links are judged where they are drawn. */
const keepAddress = (address: string): string => address;

export function Markdown({ children }: { readonly children: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={keepAddress}>
      {children}
    </ReactMarkdown>
  );
}
