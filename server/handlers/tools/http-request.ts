import { z } from 'zod';
import { limits } from '../../../shared/limits.ts';
import { cutText } from '../../../shared/text.ts';
import { bodyText, isText } from './outbound/body-text.ts';
import type { Outbound } from './outbound/outbound.ts';
import { RequestHeaders } from './outbound/request-headers.ts';
import { defineTool } from './tool.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Bytes of an answer; of which the model gets what fits into the output of a tool. */
const answerBytes = 262_144;

/** UTF-16 units of it that are passed on, so that the rest finds room in the tool's output too. */
const bodyUnits = limits.toolOutput - 4_096;

const Input = z.object({
  url: z.string().max(2_000).describe('A whole URL with https or http'),
  method: z.enum(methods).default('GET'),
  headers: RequestHeaders.default({}),
  body: z.string().max(50_000).optional().describe('Sent as it is; say its type with a content-type header'),
});

/** A request that may change something is made once, after a person has allowed it. */
export function httpRequest(outbound: Outbound) {
  return defineTool({
    name: 'http_request',
    title: 'HTTP request',
    description: 'Sends a request to a server of the public web, and returns status, type and body of the answer.',
    schema: Input,
    readOnly: ({ method }) => method === 'GET' || method === 'HEAD',
    approval: true,
    async execute({ url, method, headers, body = null }, { signal }) {
      const answer = await outbound({ url, method, headers, body, bytes: answerBytes, signal });
      const type = answer.headers['content-type'] ?? '';
      const text = isText(type) ? bodyText(answer.bytes, type) : `[${answer.bytes.length} bytes of ${type}]`;
      const shown = cutText(text, bodyUnits);
      const isWhole = !answer.isCut && shown.length === text.length;
      return { url: answer.url, status: answer.status, type, body: shown, isWhole };
    },
  });
}
