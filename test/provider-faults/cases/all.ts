import type { FaultClass } from '../fault-case.ts';
import { connection } from './connection.ts';
import { cut } from './cut.ts';
import { encoding } from './encoding.ts';
import { format } from './format.ts';
import { late } from './late.ts';
import { missingEnd } from './missing-end.ts';
import { redirect } from './redirect.ts';
import { size } from './size.ts';
import { stall } from './stall.ts';
import { status } from './status.ts';
import { tools } from './tools.ts';
import { wait } from './wait.ts';

/** Every class of faults by its name. */
export const faultClasses: Readonly<Record<string, FaultClass>> = {
  status,
  connection,
  stall,
  cut,
  format,
  encoding,
  size,
  tools,
  missingEnd,
  late,
  redirect,
  wait,
};
