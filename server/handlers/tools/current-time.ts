import { z } from 'zod';
import { defineTool } from './tool.ts';

const TimeZone = z
  .string()
  .max(100)
  .refine(isTimeZone, 'expected a time zone of the IANA database such as Europe/Berlin')
  .optional()
  .describe('IANA name such as Europe/Berlin; UTC where nothing is given');

/** @param now milliseconds since 1970, for tests */
export function currentTime(now: () => number = Date.now) {
  return defineTool({
    name: 'current_time',
    title: 'Current time',
    description: 'The date, time and day of the week now, in any time zone.',
    schema: z.object({ timeZone: TimeZone }),
    readOnly: true,
    execute({ timeZone = 'UTC' }) {
      const time = new Date(now());
      const style = { dateStyle: 'full', timeStyle: 'long', timeZone } as const;
      return { utc: time.toISOString(), local: new Intl.DateTimeFormat('en-GB', style).format(time), timeZone };
    },
  });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
