import { expect, test } from 'vitest';
import type { HandlerEvent } from '../../../../../server/handlers/handler.ts';
import { partsOf } from '../../../../../server/handlers/workflow/saying.ts';
import { Voices } from '../../../../../server/handlers/workflow/voices.ts';
import { RunLog } from '../../../../../server/run-log.ts';
import { newId } from '../../../../../shared/new-id.ts';
import type { Part } from '../../../../../shared/message.ts';

/** What stands in an answer of these events, as a run writes it down. */
function written(events: readonly HandlerEvent[], before: readonly Part[] = []): Part[] {
  const log = new RunLog({ runId: newId(), messageId: newId() }, () => {}, before);
  for (const event of events) {
    if (event.type === 'part') log.setPart(event.key, event.value);
    if (event.type !== 'text' && event.type !== 'reasoning') continue;
    if (event.opens) log.openPart();
    log.appendText(event.type, event.text);
  }
  return log.parts();
}

const text = (words: string) => ({ type: 'text', text: words }) as const;
const asked = (inputId: string, answer?: string) =>
  ({ type: 'input', inputId, prompt: '?', ...(answer !== undefined && { answer }) }) as Extract<
    Part,
    { type: 'input' }
  >;

test('[WFE-6] who begins first is heard at once, the others in full when it has ended, each in parts of its own', () => {
  const heard: HandlerEvent[] = [];
  const voices = new Voices((event) => heard.push(event), []);
  const [one, two, three] = [voices.open('a', null), voices.open('b', null), voices.open('c', null)];
  one.show(text('one '));
  two.show({ type: 'reasoning', text: 'hm' });
  two.show(text('two '));
  three.show(text('three'));
  one.show(text('more'));
  expect([one.isHeard, two.isHeard]).toEqual([true, false]);
  expect(written(heard)).toEqual([text('one more')]);
  three.close();
  two.show(text('goes on'));
  one.close();
  expect(two.isHeard).toBe(true);
  two.show(text(' and on'));
  two.close();
  const parts = [
    text('one more'),
    { type: 'reasoning', text: 'hm' },
    text('\n\ntwo goes on and on'),
    text('\n\nthree'),
  ];
  expect(written(heard)).toEqual(parts);
  expect(partsOf([three.said, one.said, two.said])).toEqual(parts);
});

test('[WFE-6] one that goes on after its question speaks behind what was said, and sets the part of the question', () => {
  const first: HandlerEvent[] = [];
  const before = new Voices((event) => first.push(event), []);
  const [asking, other] = [before.open('a', null), before.open('b', null)];
  asking.show(text('Well?'));
  asking.show({ type: 'part', key: 'q', value: asked('q') });
  asking.close();
  other.show(text('Other.'));
  other.close();
  const said = [asking.said, other.said];
  const heard: HandlerEvent[] = [];
  const again = new Voices((event) => heard.push(event), said).open('a', asking.said);
  again.show({ type: 'part', key: 'q', value: asked('q', 'yes') });
  again.show(text('Good.'));
  again.close();
  expect(written(heard, partsOf(said))).toEqual([
    text('Well?'),
    asked('q', 'yes'),
    text('\n\nOther.'),
    text('\n\nGood.'),
  ]);
  expect(partsOf([again.said, other.said])).toEqual([
    text('Well?'),
    asked('q', 'yes'),
    text('\n\nGood.'),
    text('\n\nOther.'),
  ]);
});
