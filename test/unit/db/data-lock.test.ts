import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeDataLock } from '../../../db/data-lock.ts';
import { isAlive, ownIdentity } from '../../../db/process-identity.ts';

/** Takes the lock of the folder when told to, says what came of it, and stays. */
const program = `
  import { takeDataLock } from ${JSON.stringify(new URL('../../../db/data-lock.ts', import.meta.url).href)};
  console.log('ready');
  process.stdin.once('data', async () => {
    console.log(await takeDataLock(process.argv[1]).then(() => 'taken', (error) => error.message));
  });
`;

class Taker {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(folder: string) {
    this.child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!this.child.stdout) throw new Error('expected a pipe');
    this.#lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  static async ready(folder: string): Promise<Taker> {
    const taker = new Taker(folder);
    await taker.line();
    return taker;
  }

  async line(): Promise<string> {
    return String((await this.#lines.next()).value);
  }

  take(): Promise<string> {
    this.child.stdin?.write('go\n');
    return this.line();
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

describe('the lock on the embedded database', () => {
  let folder = '';
  let takers: Taker[] = [];
  const taker = async () => {
    const ready = await Taker.ready(folder);
    takers.push(ready);
    return ready;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-lock-'));
  });
  afterEach(async () => {
    await Promise.all(takers.map((each) => each.kill()));
    takers = [];
    await rm(folder, { recursive: true, force: true });
  });

  it('[LCK-1] it names its holder, and is free again when released, twice too', async () => {
    const lock = await takeDataLock(folder);
    const holder = JSON.parse(await readFile(join(folder, 'lock'), 'utf8')) as unknown;
    expect(holder).toMatchObject(await ownIdentity());
    expect(await readdir(folder)).toEqual(['lock']);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    const next = await takeDataLock(folder);
    await lock.release();
    expect(await readdir(folder)).toEqual(['lock']);
    await next.release();
  });

  it('[LCK-2] a second process is refused within a second, naming pid and folder, and writes nothing', async () => {
    const holder = await taker();
    expect(await holder.take()).toBe('taken');
    const content = await readFile(join(folder, 'lock'), 'utf8');
    const second = await taker();
    const began = performance.now();
    expect(await second.take()).toContain(`DATA_DIR: ${folder} is in use by process ${holder.child.pid};`);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await readdir(folder)).toEqual(['lock']);
    expect(await readFile(join(folder, 'lock'), 'utf8')).toBe(content);
    await expect(takeDataLock(folder)).rejects.toThrow(`process ${holder.child.pid}`);
  });

  it('[LCK-2] a second time in the same process is refused too', async () => {
    const lock = await takeDataLock(folder);
    await expect(takeDataLock(join(folder, '.'))).rejects.toThrow(`in use by this process (${process.pid}) itself`);
    await lock.release();
  });

  it('[LCK-3] the lock of a process that was killed is taken over', async () => {
    const holder = await taker();
    await holder.take();
    await holder.kill();
    const lock = await takeDataLock(folder);
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toEqual(['lock']);
    await lock.release();
  });

  it('[LCK-3] a pid that another process has by now is no holder', async () => {
    const holder = await taker();
    await holder.take();
    const path = join(folder, 'lock');
    const content = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...content, started: '1' }));
    const lock = await takeDataLock(folder);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it('[LCK-4] a living holder whose start is unknown is not robbed', async () => {
    const holder = await taker();
    await holder.take();
    const path = join(folder, 'lock');
    const content = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...content, started: null }));
    await expect(takeDataLock(folder)).rejects.toThrow(`process ${holder.child.pid}`);
  });

  it('[LCK-5] of many that take over from a dead holder at once, exactly one wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const holder = await taker();
      await holder.take();
      await holder.kill();
      const racers = await Promise.all(Array.from({ length: 4 }, taker));
      const results = await Promise.all(racers.map((racer) => racer.take()));
      expect(results.filter((result) => result === 'taken').length).toBe(1);
      const winner = racers[results.indexOf('taken')];
      const written = JSON.parse(await readFile(join(folder, 'lock'), 'utf8')) as { pid: number };
      expect(written.pid).toBe(winner?.child.pid);
      await Promise.all(racers.map((racer) => racer.kill()));
    }
  });

  it('[LCK-5] within one process many at once win once too, from nobody and from the dead', async () => {
    for (const before of [null, { pid: 2 ** 22 + 1, started: '1', nonce: 'dead' }]) {
      if (before) await writeFile(join(folder, 'lock'), JSON.stringify(before));
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeDataLock(folder)));
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(won.length).toBe(1);
      expect(await readdir(folder)).toEqual(['lock']);
      await won[0]?.release();
    }
  });

  it('[LCK-6] one that died while it took over does not block the next', async () => {
    const dead = { pid: 2 ** 22 + 1, started: '1' };
    await writeFile(join(folder, 'lock'), JSON.stringify({ ...dead, nonce: 'first' }));
    await writeFile(join(folder, 'lock.first'), JSON.stringify({ ...dead, nonce: 'second' }));
    await (await takeDataLock(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('[LCK-7] a lock that says something else is never overwritten', async () => {
    await writeFile(join(folder, 'lock'), 'mine');
    await expect(takeDataLock(folder)).rejects.toThrow(/^DATA_DIR: expected a lock that this program wrote/);
    expect(await readFile(join(folder, 'lock'), 'utf8')).toBe('mine');
  });

  it('[LCK-3] a process that ended but was not collected by its parent is dead', async () => {
    // The shell becomes a program that never collects its child.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = Number(String(((await once(parent.stdout, 'data')) as [Buffer])[0]));
      await expect.poll(() => isAlive({ pid, started: null }), { timeout: 5000 }).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
