import type { Step } from './step.ts';

/** Stories that once broke a law, with what was wrong. */
export const knownStories: Readonly<Record<string, readonly Step[]>> = {
  'a run that starts while the end of the one before is stored and not yet told': [
    { type: 'send', onBusy: 'queue' },
    { type: 'archive', archived: true },
    { type: 'reconnect', tab: 0, from: { eventsBack: 6 } },
    { type: 'end', how: 'reset' },
    { type: 'send', onBusy: 'reject' },
    { type: 'open' },
    { type: 'say', words: 37 },
    { type: 'end', how: 'close' },
  ],
  'a replay that begins before an older chat and ends in a view that has its messages': [
    { type: 'archive', archived: true },
    { type: 'send', onBusy: 'queue' },
    { type: 'end', how: 'finish' },
    { type: 'say', words: 1 },
    { type: 'end', how: 'reset' },
    { type: 'look', tab: 0 },
    { type: 'reconnect', tab: 0, from: { eventsBack: 6 } },
  ],
};
