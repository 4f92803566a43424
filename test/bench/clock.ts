/** Microseconds of the machine's monotonic clock, which every process on it reads alike. */
export function nowMicros(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1e6 + nanos / 1e3;
}
