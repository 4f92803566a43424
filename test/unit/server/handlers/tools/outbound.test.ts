import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../../../../server/handlers/tools/outbound/public-address.ts';
import { createOutbound } from '../../../../../server/handlers/tools/outbound/outbound.ts';
import type { OutboundRequest } from '../../../../../server/handlers/tools/outbound/outbound.ts';
import type { Resolve } from '../../../../../server/handlers/tools/outbound/pinned-address.ts';
import { seeded } from '../../../../helpers/seeded.ts';

function asked(url: string, changed: Partial<OutboundRequest> = {}): OutboundRequest {
  return {
    url,
    method: 'GET',
    headers: {},
    body: null,
    bytes: 1_000_000,
    signal: AbortSignal.timeout(5_000),
    ...changed,
  };
}

/** One address in every range that is not the public internet, and in each way to hide one in another. */
const ipv4 = [
  '127.0.0.1',
  '127.255.255.254',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '169.254.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '0.0.0.0',
  '0.1.2.3',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '192.88.99.1',
  '100.100.100.200',
];
const ipv6 = [
  '::',
  '::1',
  'fe80::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '100::1',
  '2001:db8::1',
  '3fff::1',
  '2001::1',
  '2001:10::1',
  '2001:20::1',
  '5f00::1',
  '4000::1',
];

const hex = (part: string, digits = 2): string => Number(part).toString(16).padStart(digits, '0');

/** The other ways to write an IPv4 address, of which URLs know many and IPv6 has several. */
function spellings(address: string): string[] {
  const bytes = address.split('.');
  const [a = '0', b = '0', c = '0', d = '0'] = bytes;
  const number = bytes.reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const tail = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
  return [
    address,
    `${address}.`,
    String(number),
    `0x${number.toString(16)}`,
    `0${number.toString(8)}`,
    bytes.map((byte) => `0x${hex(byte)}`).join('.'),
    bytes.map((byte) => `0${Number(byte).toString(8)}`).join('.'),
    `${a}.${b}.${Number(c) * 256 + Number(d)}`,
    `${a}.${(Number(b) * 256 + Number(c)) * 256 + Number(d)}`,
    Array.from(address, (sign) => (/\d/.test(sign) ? String.fromCodePoint(0xff10 + Number(sign)) : sign)).join(''),
    address.replaceAll('.', '。'),
    `[::ffff:${address}]`,
    `[::ffff:${tail}]`,
    `[::${tail}]`,
    `[64:ff9b::${tail}]`,
    `[64:ff9b:1::${tail}]`,
    `[2002:${tail}::1]`,
    `[2001:0:${tail}::1]`,
    `[0:0:0:0:0:ffff:${tail}]`,
  ];
}

describe('addresses', () => {
  const vectors = [...ipv4.flatMap(spellings), ...ipv6.map((address) => `[${address}]`)];
  let hits = 0;
  const canary = createTcpServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => canary.listen(0, '::', resolve));
    port = (canary.address() as AddressInfo).port;
  });
  afterAll(() => void canary.close());

  test(`[TOOL-20] of ${vectors.length} ways to name one that is not public none is connected to`, async () => {
    expect(vectors.length).toBeGreaterThanOrEqual(200);
    const outbound = createOutbound();
    for (const host of vectors) {
      const ended = await outbound(asked(`http://${host}:${port}/`)).catch((error: unknown) => String(error));
      expect(`${host} ${ended as string}`).toContain(`${host} RefusedAddress`);
    }
    expect(hits).toBe(0);
  });

  test('[TOOL-20] a name whose addresses are not all public is refused', async () => {
    for (const address of [...ipv4, ...ipv6]) {
      const resolve: Resolve = async () => [
        { address: '93.184.215.14', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ];
      const outbound = createOutbound({ resolve });
      await expect(outbound(asked(`http://example.com:${port}/`))).rejects.toMatchObject({ name: 'RefusedAddress' });
    }
    for (const name of ['localhost', 'LOCALHOST', 'localhost.']) {
      await expect(createOutbound()(asked(`http://${name}:${port}/`))).rejects.toMatchObject({
        name: 'RefusedAddress',
      });
    }
    expect(hits).toBe(0);
  });

  test('[TOOL-20] random addresses outside of the public ranges are refused, others are not', () => {
    const random = seeded(20);
    const byte = () => Math.floor(random() * 256);
    for (let round = 0; round < 2_000; round += 1) {
      const [b, c, d] = [byte(), byte(), byte()];
      expect(isPublicAddress(`127.${b}.${c}.${d}`)).toBe(false);
      expect(isPublicAddress(`10.${b}.${c}.${d}`)).toBe(false);
      expect(isPublicAddress(`192.168.${c}.${d}`)).toBe(false);
      expect(isPublicAddress(`${224 + (b % 32)}.${b}.${c}.${d}`)).toBe(false);
      expect(isPublicAddress(`f${(b % 16).toString(16)}${hex(String(c))}::${hex(String(d))}`)).toBe(false);
      expect(isPublicAddress(`8.${b}.${c}.${d}`)).toBe(true);
    }
    for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111'])
      expect(isPublicAddress(address)).toBe(true);
    const nonsense = ['', 'localhost', '1.1.1', '127.1', '::ffff:1.1.1.1', '1.1.1.1%eth0', 'fe80::1%eth0'];
    expect(nonsense.filter(isPublicAddress)).toEqual([]);
  });

  test('[TOOL-21] an answer of the resolver that changes changes nothing', async () => {
    let asks = 0;
    const rebinding: Resolve = async () => {
      asks += 1;
      return [{ address: asks === 1 ? '192.0.2.77' : '127.0.0.1', family: 4 }];
    };
    // Of the documentation's range, so it would be refused; named, it is asked, and only at the address that was found.
    const outbound = createOutbound({ resolve: rebinding, allowedHosts: ['rebind.example'] });
    await expect(
      outbound(asked(`http://rebind.example:${port}/`, { signal: AbortSignal.timeout(300) })),
    ).rejects.toThrow(/abort|timeout|192\.0\.2\.77/i);
    expect(asks).toBe(1);
    expect(hits).toBe(0);
  });
});

describe('URLs', () => {
  test.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'data:text/html,hi',
    'javascript:alert(1)',
    'blob:http://example.com/1',
    'ws://example.com/',
    'unix:/var/run/docker.sock',
    'http://user:password@example.com/',
    'http://user@example.com/',
    'http://example.com@127.0.0.1/',
    '//example.com/',
    '/etc/passwd',
    'not a url',
    'http://',
    'http://[::1',
    'http://example.com:99999/',
  ])('[TOOL-22] %s is refused', async (url) => {
    await expect(createOutbound()(asked(url))).rejects.toMatchObject({ name: 'RefusedAddress' });
  });

  test.each([
    21, 22, 23, 25, 53, 110, 111, 135, 139, 143, 389, 445, 465, 587, 993, 2375, 3306, 5432, 6379, 9200, 11211, 27017,
  ])('[TOOL-22] port %d is refused', async (port) => {
    await expect(createOutbound()(asked(`http://1.1.1.1:${port}/`))).rejects.toThrow(`port ${port}`);
  });
});

describe('a server that may be asked', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void;
  let answer: Answer = () => undefined;
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  const other = createServer((request, response) => {
    seen.push(request);
    response.end('other');
  });
  let origin = '';
  let otherOrigin = '';
  let outbound = createOutbound();
  beforeAll(async () => {
    for (const one of [server, other]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const otherHost = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    origin = `http://${host}`;
    otherOrigin = `http://${otherHost}`;
    outbound = createOutbound({ allowedHosts: [host, otherHost] });
  });
  afterAll(() => {
    for (const one of [server, other]) {
      one.close();
      one.closeAllConnections();
    }
  });

  test('[TOOL-23] is one that the operator has named, with its port', async () => {
    answer = (_, response) => response.end('hello');
    const { bytes, status } = await outbound(asked(`${origin}/x`));
    expect([status, Buffer.from(bytes).toString()]).toEqual([200, 'hello']);
    await expect(createOutbound({ allowedHosts: ['127.0.0.1:1'] })(asked(origin))).rejects.toMatchObject({
      name: 'RefusedAddress',
    });
  });

  test.each([
    'http://127.0.0.2/',
    'http://[::1]/',
    'http://2130706433:1/',
    'http://169.254.169.254/latest',
    'file:///etc/passwd',
    'http://u:p@example.com/',
  ])('[TOOL-24] cannot send a request on to %s', async (location) => {
    answer = (_, response) => response.writeHead(302, { location }).end();
    await expect(outbound(asked(origin))).rejects.toMatchObject({ name: 'RefusedAddress' });
  });

  test('[TOOL-24] sends a request on at most five times', async () => {
    let hops = 0;
    answer = (_, response) => response.writeHead(302, { location: `/${(hops += 1)}` }).end();
    await expect(outbound(asked(origin))).rejects.toThrow('more than 5 times');
    expect(hops).toBe(6);
  });

  test('[TOOL-24] gets no headers that were meant for another, and no body', async () => {
    answer = (_, response) => response.writeHead(302, { location: `${otherOrigin}/there` }).end();
    const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'x-key': 'k' };
    seen.length = 0;
    const { url } = await outbound(asked(origin, { headers }));
    expect(url).toBe(`${otherOrigin}/there`);
    expect(seen[0]?.headers).toMatchObject(headers);
    expect(seen[1]?.headers).not.toHaveProperty('authorization');
    expect(seen[1]?.headers).not.toHaveProperty('cookie');
    expect(seen[1]?.headers).not.toHaveProperty('x-key');
    answer = (_, response) => response.writeHead(307, { location: `${otherOrigin}/there` }).end();
    seen.length = 0;
    await expect(outbound(asked(origin, { method: 'POST', body: 'secret' }))).rejects.toThrow('another origin');
    expect(seen).toHaveLength(1);
  });

  test('[TOOL-24] has a POST that it sends on asked with GET, at the same origin too', async () => {
    answer = (request, response) => {
      if (request.url === '/') response.writeHead(303, { location: '/next' }).end();
      else response.end(`${request.method}`);
    };
    const { bytes } = await outbound(asked(origin, { method: 'POST', body: 'x' }));
    expect(Buffer.from(bytes).toString()).toBe('GET');
  });

  test('[TOOL-25] is read up to the limit, however its answer is packed', async () => {
    const bomb = Buffer.alloc(50_000_000);
    for (const [encoding, body] of [
      ['gzip', gzipSync(bomb)],
      ['br', brotliCompressSync(bomb)],
      ['identity', bomb],
    ] as const) {
      answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body);
      const { bytes, isCut } = await outbound(asked(origin, { bytes: 1_000 }));
      expect([bytes.length, isCut]).toEqual([1_000, true]);
    }
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end('x');
    await expect(outbound(asked(origin))).rejects.toThrow('packed');
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    await expect(outbound(asked(origin))).rejects.toThrow(/./);
  });

  test('[TOOL-25] is not read for ever where what is packed makes nothing', async () => {
    let sent = 0;
    // A block of gzip without anything in it; there may be any number of them.
    const empty = Buffer.alloc(65_535, Buffer.from([0, 0, 0, 0xff, 0xff]));
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(gzipSync('').subarray(0, 10));
      const more = () => {
        let isTaken = true;
        while (isTaken && !response.destroyed && sent < 100_000_000) {
          sent += empty.length;
          isTaken = response.write(empty);
        }
        if (isTaken) response.end();
        else response.once('drain', more);
      };
      more();
    };
    const { bytes, isCut } = await outbound(asked(origin, { bytes: 1_000 }));
    expect([bytes.length, isCut]).toEqual([0, true]);
    expect(sent).toBeLessThan(100_000_000);
  });

  test('[TOOL-25] is read whole where what cannot be packed has become longer by that', async () => {
    const body = randomBytes(100_000);
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
    const { bytes, isCut } = await outbound(asked(origin, { bytes: body.length }));
    expect([Buffer.from(bytes).equals(body), isCut]).toEqual([true, false]);
  });

  test('[TOOL-25] may have no body and say all the same how it is packed', async () => {
    for (const encoding of ['gzip', 'deflate', 'br']) {
      answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end();
      for (const method of ['HEAD', 'GET']) {
        const { status, bytes, isCut } = await outbound(asked(origin, { method }));
        expect([encoding, method, status, bytes.length, isCut]).toEqual([encoding, method, 200, 0, false]);
      }
    }
  });

  test('[TOOL-25] is read whole when it comes byte by byte', async () => {
    const count = 200_000;
    answer = (request, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).flushHeaders();
      request.socket.end(`${'1\r\nx\r\n'.repeat(count)}0\r\n\r\n`);
    };
    const { bytes, isCut } = await outbound(asked(origin, { signal: AbortSignal.timeout(30_000) }));
    expect([bytes.length, isCut, bytes.every((byte) => byte === 120)]).toEqual([count, false, true]);
  });

  test('[TOOL-25] nobody waits for a name that is not resolved in time', async () => {
    const silent = createOutbound({ resolve: () => new Promise(() => undefined) });
    const stop = new AbortController();
    const waiting = silent(asked('http://example.com/', { signal: stop.signal }));
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('[TOOL-25] is not waited for when nobody waits any more, and its headers are limited', async () => {
    answer = () => undefined;
    const stop = new AbortController();
    const waiting = outbound(asked(origin, { signal: stop.signal }));
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    answer = (_, response) => {
      response.writeHead(200);
      response.write('x');
    };
    await expect(outbound(asked(origin, { signal: AbortSignal.timeout(200) }))).rejects.toThrow(
      /abort|timeout|192\.0\.2\.77/i,
    );
    answer = (_, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end();
    await expect(outbound(asked(origin))).rejects.toThrow(/./);
  });
});
