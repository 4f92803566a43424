import { expect, test } from 'vitest';
import { socketUrl } from '../../../client/socket-url.ts';

test.each([
  ['http://127.0.0.1:3000', 'ws://127.0.0.1:3000/trpc'],
  ['https://chat.example/', 'wss://chat.example/trpc'],
  ['ws://[::1]:3000/trpc', 'ws://[::1]:3000/trpc'],
  ['https://example.org/chat/?x=1', 'wss://example.org/chat/trpc'],
])('[CLT-2] the socket of %s is at %s', (address, expected) => {
  expect(socketUrl(address)).toBe(expected);
});

test.each(['', '127.0.0.1:3000', 'ftp://example.org', 'not an address'])(
  '[CLT-2] %j is refused at once, naming what was expected and what came',
  (address) => {
    expect(() => socketUrl(address)).toThrow(
      `expected a server's address such as http://127.0.0.1:3000, got ${JSON.stringify(address)}`,
    );
  },
);
