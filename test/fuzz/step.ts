import fc from 'fast-check';
import type { OnBusy } from '../../shared/inputs.ts';
import type { From } from '../faults/reader.ts';
import type { AnswerEnd } from './provider.ts';

/** One thing that happens to a chat. `tab` and `message` are taken modulo how many there are. */
export type Step =
  | { readonly type: 'send'; readonly onBusy: OnBusy }
  /** The same message once more, as after a lost answer. */
  | { readonly type: 'repeat'; readonly message: number }
  /** Another answer to a message that is shown. */
  | { readonly type: 'regenerate'; readonly message: number; readonly onBusy: OnBusy }
  | { readonly type: 'edit'; readonly message: number; readonly onBusy: OnBusy }
  /** Shows the branch of any message that there ever was. */
  | { readonly type: 'select'; readonly message: number }
  | { readonly type: 'say'; readonly words: number }
  | { readonly type: 'end'; readonly how: AnswerEnd }
  | { readonly type: 'stop' }
  /** Lets an answer end with a question, and waits until that is asked. */
  | { readonly type: 'ask'; readonly how: 'ask' | 'ask briefly' }
  /** Answers the question that is pending, and once more the same. */
  | { readonly type: 'answer' }
  /** Two tabs answer it at once, each something else. */
  | { readonly type: 'answerTwice' }
  /** Waits until it has expired, where there is little time for it. */
  | { readonly type: 'expire' }
  /** Lets an answer ask, and stops it while it waits. */
  | { readonly type: 'stopAsked' }
  /** Takes a message out of the queue. `waiting` and `before` are taken modulo how many wait. */
  | { readonly type: 'withdraw'; readonly waiting: number }
  /** Makes another question of one that waits. */
  | { readonly type: 'editWaiting'; readonly waiting: number }
  | { readonly type: 'move'; readonly waiting: number; readonly before: number | null }
  | { readonly type: 'resume' }
  | { readonly type: 'rename'; readonly title: string }
  | { readonly type: 'archive'; readonly archived: boolean }
  | { readonly type: 'cut'; readonly tab: number }
  | { readonly type: 'reconnect'; readonly tab: number; readonly from: From }
  /** Reads nothing more, until `goOn`. */
  | { readonly type: 'stall'; readonly tab: number }
  | { readonly type: 'goOn'; readonly tab: number }
  | { readonly type: 'open' }
  | { readonly type: 'close'; readonly tab: number }
  /** Waits until a tab shows all that was said. */
  | { readonly type: 'look'; readonly tab: number }
  /** Without a drain the process dies as it is, and with it, if one is `sending`, the answer to a message. */
  | { readonly type: 'restart'; readonly how: 'drained' | 'killed' | 'killed while sending' };

const tab = fc.nat(3);
const from: fc.Arbitrary<From> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ eventsBack: 0 }) },
  { weight: 3, arbitrary: fc.record({ eventsBack: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.constant<From>('nowhere') },
  { weight: 1, arbitrary: fc.constant<From>('nonsense') },
);

const waiting = fc.nat(5);

const of = <Type extends Step['type']>(type: Type) => fc.constant(type);

const onBusy = fc.constantFrom<OnBusy[]>('queue', 'interrupt', 'reject');

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: of('send'),
      onBusy: fc.constantFrom('queue', 'interrupt', 'reject', 'steer', 'steer'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: of('repeat'), message: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ type: of('regenerate'), message: fc.nat(9), onBusy }) },
  { weight: 2, arbitrary: fc.record({ type: of('edit'), message: fc.nat(9), onBusy }) },
  { weight: 3, arbitrary: fc.record({ type: of('select'), message: fc.nat(19) }) },
  { weight: 10, arbitrary: fc.record({ type: of('say'), words: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 5, arbitrary: fc.record({ type: of('end'), how: fc.constantFrom('finish', 'finish', 'reset', 'close') }) },
  { weight: 1, arbitrary: fc.record({ type: of('end'), how: fc.constantFrom('ask', 'ask briefly') }) },
  { weight: 6, arbitrary: fc.record({ type: of('ask'), how: fc.constantFrom('ask', 'ask', 'ask briefly') }) },
  { weight: 8, arbitrary: fc.record({ type: of('answer') }) },
  { weight: 2, arbitrary: fc.record({ type: of('answerTwice') }) },
  { weight: 2, arbitrary: fc.record({ type: of('expire') }) },
  { weight: 1, arbitrary: fc.record({ type: of('stopAsked') }) },
  { weight: 2, arbitrary: fc.record({ type: of('stop') }) },
  { weight: 1, arbitrary: fc.record({ type: of('withdraw'), waiting }) },
  { weight: 2, arbitrary: fc.record({ type: of('editWaiting'), waiting }) },
  { weight: 2, arbitrary: fc.record({ type: of('move'), waiting, before: fc.option(waiting) }) },
  { weight: 2, arbitrary: fc.record({ type: of('resume') }) },
  { weight: 1, arbitrary: fc.record({ type: of('rename'), title: fc.string({ maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ type: of('archive'), archived: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ type: of('cut'), tab }) },
  { weight: 8, arbitrary: fc.record({ type: of('reconnect'), tab, from }) },
  { weight: 1, arbitrary: fc.record({ type: of('stall'), tab }) },
  { weight: 1, arbitrary: fc.record({ type: of('goOn'), tab }) },
  { weight: 2, arbitrary: fc.record({ type: of('open') }) },
  { weight: 1, arbitrary: fc.record({ type: of('close'), tab }) },
  { weight: 5, arbitrary: fc.record({ type: of('look'), tab }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: of('restart'),
      how: fc.constantFrom('drained', 'killed', 'killed while sending'),
    }),
  },
);

/** What happens to one chat, in order. */
export const story: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 5, maxLength: 40, size: 'max' });
