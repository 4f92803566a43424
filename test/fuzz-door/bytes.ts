import { anyFrame, anyTarget } from './calls.ts';
import type { Dice } from './dice.ts';

const upgradeHeaders: readonly (readonly [string, string])[] = [
  ['Host', '127.0.0.1'],
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
];

const oddHeaders: readonly (readonly [string, string])[] = [
  ['Host', '['],
  ['Host', 'a b'],
  ['Host', '%'],
  ['Host', '\u00e4'],
  ['Origin', 'null'],
  ['Origin', 'http://['],
  ['Origin', '\u0080'],
  ['Content-Length', '-1'],
  ['Content-Length', '99999999999'],
  ['Transfer-Encoding', 'chunked'],
  ['Transfer-Encoding', 'chunked, chunked'],
  ['Expect', '100-continue'],
  ['Upgrade', 'h2c'],
  ['Upgrade', 'websocket, x'],
  ['Sec-WebSocket-Extensions', 'permessage-deflate; server_max_window_bits=7'],
  ['Sec-WebSocket-Protocol', ',,'],
  ['Sec-WebSocket-Version', '-1'],
  ['Sec-WebSocket-Key', ''],
  ['Authorization', 'Bearer \u00ff'],
  ['Cookie', 'x'.repeat(5_000)],
  ['', 'x'],
  ['X'.repeat(20_000), 'x'],
];

const targets = ['/trpc', '/trpc/', '/trpc?connectionParams=1', '/trpc?connectionParams=%', '/trpc?%', '//', '///', '/..', '*',
  'http://[', 'http://x/trpc', '/\u00ff', '/trpc#x', `/${'x'.repeat(9_000)}`, '/trpc?lastEventId=x&input=%7B', '', '/assets/%']; // prettier-ignore

/** The head of an HTTP request, an upgrade more often than not, of which something is not as it should be. */
export function anyHead(dice: Dice, chatId: string): string {
  const isUpgrade = dice.chance(0.7);
  const headers = isUpgrade ? [...upgradeHeaders] : [upgradeHeaders[0] as readonly [string, string]];
  for (let more = dice.below(3); more > 0; more -= 1) {
    const odd = dice.pick(oddHeaders);
    if (dice.chance(0.5)) headers.push(odd);
    else headers[dice.below(headers.length)] = odd;
  }
  const method = dice.chance(0.8) ? 'GET' : dice.pick(['POST', 'OPTIONS', 'CONNECT', 'TRACE', 'get', 'FLY', '']);
  const target = isUpgrade || dice.chance(0.3) ? dice.pick(targets) : anyTarget(dice, chatId);
  const version = dice.chance(0.95) ? 'HTTP/1.1' : dice.pick(['HTTP/1.0', 'HTTP/9.9', 'HTTP', '']);
  const end = dice.chance(0.97) ? '\r\n' : dice.pick(['\n', '\r', '\0']);
  return [`${method} ${target} ${version}`, ...headers.map((header) => header.join(': ')), '', ''].join(end);
}

/** The head of an upgrade that is let in. */
export const goodHead = `GET /trpc HTTP/1.1\r\n${upgradeHeaders.map((header) => header.join(': ')).join('\r\n')}\r\n\r\n`;

/** One WebSocket frame as a client sends it. */
export function textFrame(text: string): Buffer {
  return wsFrame(0x81, Buffer.from(text), true);
}

/** One WebSocket frame of which something is not as it should be. */
export function anyWsFrame(dice: Dice, chatId: string): Buffer {
  const payload = dice.chance(0.5) ? Buffer.from(anyFrame(dice, chatId)) : dice.bytes(dice.below(300));
  const first = dice.chance(0.4) ? dice.pick([0x81, 0x01, 0x80, 0x82, 0x88, 0x89, 0x8a]) : dice.below(256);
  const frame = wsFrame(first, payload, dice.chance(0.8));
  if (dice.chance(0.1)) return frame.subarray(0, dice.below(frame.length));
  // A length that promises more than comes, or more than is allowed.
  if (dice.chance(0.1)) return Buffer.concat([Buffer.from([0x81, 0xff]), dice.bytes(8), payload]);
  return frame;
}

function wsFrame(first: number, payload: Buffer, isMasked: boolean): Buffer {
  const mask = Buffer.from(isMasked ? [1, 2, 3, 4] : []);
  const bit = isMasked ? 0x80 : 0;
  const length = payload.length < 126 ? Buffer.from([bit | payload.length]) : Buffer.alloc(3);
  if (length.length === 3) {
    length[0] = bit | 126;
    length.writeUInt16BE(Math.min(payload.length, 65_535), 1);
  }
  const body = Buffer.from(payload.subarray(0, 65_535).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([Buffer.from([first]), length, mask, body]);
}
