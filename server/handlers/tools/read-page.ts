import { convert } from 'html-to-text';
import { z } from 'zod';
import { limits } from '../../../shared/limits.ts';
import { cutText } from '../../../shared/text.ts';
import { bodyText, isText } from './outbound/body-text.ts';
import type { Outbound } from './outbound/outbound.ts';
import { defineTool } from './tool.ts';
import { webSource } from './web-source.ts';

/** Bytes of a page: making text of so much takes some ten milliseconds, in which nobody else gets anything. */
const pageBytes = 524_288;

/** UTF-16 units of text, so that address and title find room in the tool's output too. */
const pageText = limits.toolOutput - 1_024;

export function readPage(outbound: Outbound) {
  return defineTool({
    name: 'read_page',
    title: 'Read a page',
    description: 'The readable text of a page of the public web, or of a text or JSON file.',
    schema: z.object({ url: z.string().max(2_000).describe('A whole URL with https or http') }),
    readOnly: true,
    async execute({ url }, { signal }) {
      const headers = { accept: 'text/html, text/plain, application/json;q=0.9, */*;q=0.1' };
      const page = await outbound({ url, method: 'GET', headers, body: null, bytes: pageBytes, signal });
      const type = page.headers['content-type'] ?? '';
      if (page.status >= 400) throw new Error(`${page.url} answered ${page.status}`);
      if (!isText(type)) throw new Error(`${page.url} is no text but ${type}`);
      const text = bodyText(page.bytes, type);
      const readable = /html/i.test(type) ? readableText(text) : text;
      const shown = cutText(readable, pageText);
      const title = /html/i.test(type) ? titleOf(text) : '';
      return { url: page.url, title, text: shown, isWhole: !page.isCut && shown.length === readable.length };
    },
    sources: (output) => webSource(output),
  });
}

/** As the page calls itself; empty where it does not. */
function titleOf(html: string): string {
  const [, title = ''] = /<title[^>]*>([^<]{0,1000})<\/title/i.exec(html) ?? [];
  return convert(title, { wordwrap: false }).trim();
}

/** Of the main part where a page says which it is. Depth and number of its elements are limited: pages may be hostile. */
function readableText(html: string): string {
  return convert(html, {
    wordwrap: false,
    baseElements: { selectors: ['main', 'article', 'body'], orderBy: 'selectors' },
    limits: { maxBaseElements: 1, maxDepth: 100, maxChildNodes: 10_000, maxInputLength: pageBytes },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'nav', format: 'skip' },
      { selector: 'form', format: 'skip' },
      { selector: 'a', options: { ignoreHref: true } },
    ],
  });
}
