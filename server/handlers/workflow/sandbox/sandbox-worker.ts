import { parentPort } from 'node:worker_threads';
import type { CodeJob } from './code-job.ts';
import { startQuickJs } from './quickjs-engine.ts';
import { runProgram } from './run-program.ts';

// The thread of one program: says that it is ready, is given the program, says how that ended, and is ended itself.

const port = parentPort;
if (!port) throw new Error('sandbox-worker runs as a worker thread only; start it by SandboxThread');
const engine = await startQuickJs();
// Not `once`: a thread that nothing keeps alive ends by itself, and its end may overtake its answer.
port.on('message', (job: CodeJob) => port.postMessage(runProgram(engine, job)));
port.postMessage('ready');
