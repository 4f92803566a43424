/**
 * What a delivered token costs, here and in servers that leave us out, measured in one run on one Node.
 *
 * - Three processes at a time: a model provider double, one server, a client. The double sends each answer's tokens at
 *   50 a second and writes the time into them; the client checks every answer (each token once, in order).
 * - CPU is the server process's user and system time of all threads, read from the operating system, from just before the
 *   first send until every answer has ended: a turn's database work is in it, connecting and creating chats is not.
 *   Divided by the tokens that arrived, however many shared a frame.
 * - First token: from the client's send to the first token's arrival; the double sends it at once. All sends go out
 *   together (`--spread-ms` spreads them), so with many chats it shows the queue at the start.
 * - Pace: the time that the double means an answer to take, relative to the time from its sending of the first token to
 *   the client's receiving of the last. Delay: from sending to receiving, for each token.
 * - Servers are warmed up first and take turns, so that noise hits all alike; compare ratios, not microseconds. The shares
 *   of the double and the client show whether they were the bottleneck: near 100 % the row says nothing about the server.
 *   `disturbed` marks a row in which the double itself came too late, because something else used the machine.
 *
 * Exits with 1 when an answer was wrong; a goal that was missed only says so.
 */
import { readOptions, usage } from './options.ts';
import { runBench } from './run-bench.ts';
import { judge } from './goals.ts';
import { table } from './table.ts';

// An exit that is asked for from outside takes the servers along; a signal alone would leave ours behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const options = readOptions(process.argv.slice(2));
if (options === null) {
  console.log(usage);
} else {
  const rows = await runBench(options, {
    progress: (line) => console.error(line),
    report: (text) => console.log(text),
  });
  const goals = judge(rows);
  console.log(
    options.json ? JSON.stringify({ node: process.version, rows, goals }, null, 2) : `\n${table(rows, goals)}`,
  );
  const wrong = rows.filter((row) => row.problems.length > 0);
  for (const row of wrong) console.error(`${row.server} at ${row.chats} chats: ${row.problems.slice(0, 3).join('; ')}`);
  if (wrong.length > 0) process.exitCode = 1;
}
