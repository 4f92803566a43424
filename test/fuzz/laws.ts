import type { ChatLogEntry, InnerEvent } from '../../db/store.ts';
import { isDeepStrictEqual } from 'node:util';
import type { ChatEvent, ChatView } from '../../shared/events.ts';
import { wrongMessage } from '../faults/audit.ts';
import { differences, storedChat, wrongHistory } from '../faults/oracle.ts';
import { addTally } from '../faults/tally.ts';
import { until } from '../faults/until.ts';
import type { Ground } from './ground.ts';
import { goneOn, wrongQuestions } from './question-laws.ts';
import type { Step } from './step.ts';
import { countQuestions, newStoryTally } from './story-tally.ts';
import type { StoryTally } from './story-tally.ts';
import { tell } from './tell.ts';
import { ToldChat } from './told-chat.ts';

/** Milliseconds in which every run has ended and every tab has caught up. */
const calmMs = 10_000;
const wholeLog = 10_000;

/**
 * Lets a story happen and holds what came of it against the laws. Errors: all that are broken.
 *
 * Each reader's text is the beginning of what the model said; nothing comes twice and nothing is left out; every run
 * ends once and asks the model once at most; nothing that was acknowledged is lost, and what an answer took stands in it; each question is answered once at most, and its
 * run goes on once; what a reader folded is what is stored.
 */
export async function obeysLaws(ground: Ground, story: readonly Step[]): Promise<StoryTally> {
  ground.provider.isHasty = false;
  const chat = await ToldChat.start(ground);
  try {
    for (const step of story) await tell(chat, step);
    await comeToRest(ground, chat);
    const { problems, tally } = await judge(ground, chat);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return tally;
  } finally {
    for (const tab of chat.tabs) tab.cut();
    await chat.client.mutate('chat.delete', { chatId: chat.id });
    chat.client.cut();
  }
}

/** Every answer ends, every tab reads and is connected. */
async function comeToRest(ground: Ground, chat: ToldChat): Promise<void> {
  ground.provider.isHasty = true;
  ground.provider.end('finish');
  for (const [index, tab] of chat.tabs.entries()) {
    tab.goOn();
    if (!tab.isConnected) await chat.reconnect(index, { eventsBack: 0 });
  }
  await chat.resume();
  const rest = chat.client.stream({ chatId: chat.id });
  for (;;) {
    await rest.until(({ view }) => view !== null && (isIdle(view) || view.pendingInput !== null), calmMs);
    if (!rest.view || isIdle(rest.view)) return;
    // Since then it may have expired.
    const id = rest.view.pendingInput?.id;
    await chat.answer();
    await rest.until(({ view }) => view?.pendingInput === null || view?.pendingInput?.id !== id, calmMs);
  }
}

/** In its place readers get a snapshot. */
function isInner(event: ChatLogEntry['event']): event is InnerEvent {
  return event.type === 'branch.selected' || event.type === 'answer.reset';
}

async function judge(ground: Ground, chat: ToldChat): Promise<{ problems: string[]; tally: StoryTally }> {
  const { provider, database } = ground;
  const said = (question: string, beginning: string) => provider.said(question, beginning);
  const entries = await database.store.entries(chat.id, 0, wholeLog);
  const seqsOf = (isMeant: (event: ChatLogEntry['event']) => boolean) =>
    new Set(entries.flatMap(({ seq, event }) => (isMeant(event) ? [seq] : [])));
  const turnings = { switches: seqsOf(isInner), questions: seqsOf(({ type }) => type === 'input.requested') };
  const stored = await storedChat(chat.client, chat.id);
  const events = entries.flatMap(({ event }) => (isInner(event) ? [] : [event]));
  const tally = { ...newStoryTally(), ...countQuestions(events), cuts: chat.cuts };
  const problems = stored.messages.flatMap((message) => wrongMessage(stored.messages, message, said));
  for (const [index, tab] of chat.tabs.entries()) {
    await until(
      () => differences(tab.view, stored).length === 0,
      () => `tab ${index} is left with something else:\n${differences(tab.view, stored).join('\n')}`,
      calmMs,
    );
    const finding = tab.judge(said, turnings);
    addTally(tally, finding.tally);
    problems.push(...finding.violations.map((violation) => `tab ${index}, ${violation}`));
  }
  const gaps = entries.filter(({ seq }, index) => seq !== index + 1).map(({ seq }) => `entry ${seq} follows a gap`);
  const acknowledged = new Set(chat.sent.map(({ messageId }) => messageId));
  const questions = [...chat.sent.map(({ text }) => text), ...chat.edited];
  const asked = questions
    .filter((text) => provider.asked(text) > 1 + chat.regenerated(text))
    .map((text) => `${text} was asked too often`);
  const stretches = goneOn(events);
  const continued = questions
    .filter((text) => provider.continued(text) > (stretches.get(text) ?? 0))
    .map((text) => `the answer to ${text} went on too often`);
  const wrong = [
    ...wrongHistory(events, acknowledged),
    ...wrongSteering(events),
    ...wrongQuestions(events, chat.answers),
  ];
  return { problems: [...problems, ...gaps, ...wrong, ...asked, ...continued], tally };
}

/** What ended `completed` without a start of its own was taken by an answer, and stands there once; nothing else does. */
function wrongSteering(events: readonly ChatEvent[]): string[] {
  const started = new Set(events.flatMap((event) => (event.type === 'run.started' ? [event.run.id] : [])));
  const ended = new Set(
    events.flatMap((event) => (event.type === 'run.ended' && event.status === 'completed' ? [event.runId] : [])),
  );
  const taken = events.flatMap((event) =>
    event.type === 'run.queued' && ended.has(event.run.id) && !started.has(event.run.id) ? [event.run] : [],
  );
  const expected = taken.map(({ userMessageId, text }) => `${userMessageId} ${text}`).toSorted();
  // Of every branch, whichever is shown.
  const answers = events.flatMap((event) => (event.type === 'message.completed' ? [event.message] : []));
  const found = answers
    .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'steering' ? [part] : [])))
    .map(({ messageId, text }) => `${messageId} ${text}`)
    .toSorted();
  return isDeepStrictEqual(found, expected)
    ? []
    : [`answers have ${found.join()}, what was taken is ${expected.join()}`];
}

function isIdle({ activeRun, queue }: ChatView): boolean {
  return activeRun === null && queue.length === 0;
}
