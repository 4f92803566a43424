import { z } from 'zod';
import { cutText } from '../../../shared/text.ts';
import type { Source } from './tool.ts';

/** UTF-16 units: a line of a list, and two or three lines to recognise a page by. */
const titleText = 200;
const excerptText = 300;

/** What the tools give back that read the web. */
const Output = z.object({
  url: z.string(),
  title: z.string().optional(),
  text: z.string().optional(),
  status: z.number().optional(),
  type: z.string().optional(),
  body: z.string().optional(),
});

/** The page that was read; nothing where it was none: an error, or bytes. */
export function webSource(output: unknown): Source[] {
  const parsed = Output.safeParse(output);
  if (!parsed.success) return [];
  const { url, title = '', text, body = '', status = 200, type = 'text/html' } = parsed.data;
  if (status >= 300 || !/text|json|xml/i.test(type)) return [];
  const excerpt = shortened(text ?? (/html/i.test(type) ? '' : body), excerptText);
  return [{ title: shortened(title, titleText) || nameOf(url), url, ...(excerpt !== '' && { excerpt }) }];
}

function shortened(text: string, units: number): string {
  const line = text
    .slice(0, units * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= units ? line : `${cutText(line, units)}…`;
}

function nameOf(address: string): string {
  const url = URL.parse(address);
  return url ? `${url.host}${url.pathname === '/' ? '' : url.pathname}` : address;
}
