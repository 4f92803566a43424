import type { Chat } from '../../../shared/chat.ts';
import { RawClient } from '../../helpers/raw-client.ts';
import { residentMiB } from '../cpu.ts';
import type { RunningServer } from '../servers/roster.ts';

/** One thing that was measured, and what it should be. */
export interface Finding {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** At most so much; absent: only reported. */
  readonly goal?: number;
}

/** Measures one thing with a server that is warm and otherwise idle, and leaves nothing open. */
export type Scene = (server: RunningServer) => Promise<Finding[]>;

export function connect(server: RunningServer): Promise<RawClient> {
  return RawClient.connect(server.url.replace(/^ws/, 'http').replace(/\/trpc$/, ''));
}

/** A few at a time: what is measured is not how many sockets a listener's backlog holds. */
export async function several<Item>(count: number, make: (index: number) => Promise<Item>): Promise<Item[]> {
  const atOnce = 25;
  const made: Item[] = [];
  while (made.length < count) {
    const missing = Math.min(atOnce, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: missing }, (_, index) => make(made.length + index)))));
  }
  return made;
}

export async function newChat(client: RawClient): Promise<string> {
  return (await client.mutate<Chat>('chat.create', {})).id;
}

/** Resident memory once it has stopped to move: the lowest of a few readings a quarter of a second apart. */
export async function restingMiB(pid: number): Promise<number> {
  const readings: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    readings.push(residentMiB(pid));
  }
  return Math.min(...readings);
}
