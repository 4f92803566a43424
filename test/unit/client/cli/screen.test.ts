import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Screen } from '../../../../client/cli/screen.ts';

/** A screen, and what was written to it: to each stream, and to both in their order. */
function screenOf(tty: { stdout: boolean; stderr: boolean }) {
  const written = { stdout: '', stderr: '', all: '' };
  const stream = (name: 'stdout' | 'stderr') => {
    const pass = Object.assign(new PassThrough(), { isTTY: tty[name] });
    pass.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      written.all += text;
    });
    return pass;
  };
  const terminal = { stdin: new PassThrough(), stdout: stream('stdout'), stderr: stream('stderr') };
  const screen = new Screen({ ...terminal, onInterrupt: () => () => {}, exit: () => {} });
  const settled = () => new Promise<typeof written>((resolve) => setImmediate(() => resolve(written)));
  return { screen, settled };
}

const terminal = { stdout: true, stderr: true };

test('[CLI-18] at a terminal a notice in the middle of an answer begins a line, and stdout has the answer alone', async () => {
  const { screen, settled } = screenOf(terminal);
  await screen.text('one ');
  screen.notice('wait');
  await screen.text('two');
  await screen.endLine();
  screen.notice('done');
  const { all, stdout } = await settled();
  expect(all).toBe('one \nwait\ntwo\ndone\n');
  expect(stdout).toBe('one two\n');
});

test('[CLI-18] an answer that ends with a notice leaves no empty line at a terminal', async () => {
  const { screen, settled } = screenOf(terminal);
  await screen.text('one');
  screen.notice('stopping');
  await screen.endLine();
  screen.notice('stopped');
  expect((await settled()).all).toBe('one\nstopping\nstopped\n');
});

test.each([[{ stdout: false, stderr: true }], [{ stdout: false, stderr: false }], [{ stdout: true, stderr: false }]])(
  '[CLI-18] with %j nothing is added to the answer but the newline at its end',
  async (tty) => {
    const { screen, settled } = screenOf(tty);
    await screen.text('one ');
    screen.notice('wait');
    await screen.text('two');
    await screen.endLine();
    const { stderr, stdout } = await settled();
    expect({ stderr, stdout }).toEqual({ stdout: 'one two\n', stderr: 'wait\n' });
  },
);

test('[CLI-18] reasoning and the answer stand on lines of their own', async () => {
  const { screen, settled } = screenOf(terminal);
  await screen.aside('let me ');
  await screen.aside('think');
  await screen.text('Yes');
  await screen.aside('more');
  screen.notice('done');
  await screen.endLine();
  expect((await settled()).all).toBe('let me think\nYes\nmore\ndone\n');
});
