import { expect, test } from 'vitest';
import { followNetwork } from '../../../client/network.ts';

function followed() {
  const did: string[] = [];
  const ended = new AbortController();
  const network = new EventTarget();
  const connection = {
    ended: ended.signal,
    dropSockets: () => void did.push('dropped'),
    retryNow: () => void did.push('retried'),
  };
  followNetwork(connection, network);
  return { did, ended, tell: (type: string) => network.dispatchEvent(new Event(type)) };
}

test('[CLT-32] sockets are given up when the network goes, and a try is made when it comes back', () => {
  const { did, tell } = followed();
  tell('offline');
  tell('online');
  expect(did).toEqual(['dropped', 'retried']);
});

test('[CLT-32] a connection that has ended is told nothing more', () => {
  const { did, ended, tell } = followed();
  ended.abort();
  tell('offline');
  tell('online');
  expect(did).toEqual([]);
});
