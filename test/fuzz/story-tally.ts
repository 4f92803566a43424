import type { ChatEvent } from '../../shared/events.ts';
import { addTally, newTally, tallyLine } from '../faults/tally.ts';
import type { Tally } from '../faults/tally.ts';

/** What stories have met, besides what every fault run does. */
export interface StoryTally extends Tally {
  /** Questions that a person answered, that nobody answered in time, and that were taken back with their run. */
  answered: number;
  expired: number;
  withdrawn: number;
}

export function newStoryTally(): StoryTally {
  return { ...newTally(), answered: 0, expired: 0, withdrawn: 0 };
}

export function addStoryTally(sum: StoryTally, more: StoryTally): void {
  addTally(sum, more);
  sum.answered += more.answered;
  sum.expired += more.expired;
  sum.withdrawn += more.withdrawn;
}

export function storyTallyLine(tally: StoryTally): string {
  const { answered, expired, withdrawn } = tally;
  return `${tallyLine(tally)}, ${answered} questions answered, ${expired} expired, ${withdrawn} withdrawn`;
}

/** Of a chat's whole log, once no run is active. */
export function countQuestions(events: readonly ChatEvent[]): Pick<StoryTally, 'answered' | 'expired' | 'withdrawn'> {
  const asked = events.filter(({ type }) => type === 'input.requested').length;
  const settled = events.flatMap((event) => (event.type === 'input.answered' ? [event.answeredBy] : []));
  const expired = settled.filter((by) => by === 'expiry').length;
  return { answered: settled.length - expired, expired, withdrawn: asked - settled.length };
}
