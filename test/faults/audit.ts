import { parseCursor } from '../../shared/cursor.ts';
import type { Position } from '../../shared/cursor.ts';
import type { ChatEvent, ChatEventOf, ChatView } from '../../shared/events.ts';
import { fold, leavesHole } from '../../shared/fold.ts';
import type { ChatId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { textOf } from '../../shared/message.ts';
import type { Tally } from './tally.ts';
import { newTally } from './tally.ts';

/** What one stream brought, from where it was asked for. */
export interface Segment {
  readonly chatId: ChatId;
  readonly cursor: string | null;
  /** What the reader had before. */
  readonly view: ChatView | null;
  readonly received: readonly { readonly cursor: string; readonly event: ChatEvent }[];
}

/** Numbers of the entries of the chat's log at which another branch is shown from then on, and at which a run asks. */
export interface Turnings {
  readonly switches: ReadonlySet<number>;
  readonly questions: ReadonlySet<number>;
}

const noTurnings: Turnings = { switches: new Set(), questions: new Set() };

/**
 * All that the provider has said, or will say, in answer to a person's text. Where there are several answers, `beginning`
 * tells which: what is known of it.
 */
export type AnswerTo = (text: string, beginning: string) => string;

export interface Finding {
  readonly violations: string[];
  readonly tally: Tally;
}

const contentTypes: ReadonlySet<string> = new Set([
  'message.delta',
  'message.part',
  'node.started',
  'node.finished',
] satisfies ChatEvent['type'][]);

/**
 * Holds one stream against the laws: it begins at its cursor or with a snapshot, and has another one exactly where another
 * branch is shown, and perhaps in place of a question before which content was forgotten; each event stands exactly after
 * the one before; no delta leaves a hole; every text is the beginning of what the provider said, and the whole of it once it is
 * `completed`.
 */
export function audit(segment: Segment, answerTo: AnswerTo, turnings: Turnings = noTurnings): Finding {
  const { chatId, cursor } = segment;
  const tally = newTally();
  const violations: string[] = [];
  let position = cursor === null ? null : parseCursor(chatId, cursor);
  let { view } = segment;
  for (const [index, { cursor: place, event }] of segment.received.entries()) {
    const next = parseCursor(chatId, place);
    const problems = [
      ...wrongPlace(index, position, next, event, turnings),
      ...(leavesHole(view, event) ? ['a delta leaves a hole'] : []),
      ...wrongText(view, event, answerTo),
    ];
    violations.push(...problems.map((problem) => `${event.type} at ${place}, event ${index}: ${problem}`));
    tally.overlaps += overlaps(view, event) ? 1 : 0;
    tally.snapshots += event.type === 'snapshot' ? 1 : 0;
    tally.resumes += index === 0 && event.type !== 'snapshot' ? 1 : 0;
    view = fold(view, event);
    position = next;
  }
  return { violations, tally };
}

function wrongPlace(
  index: number,
  before: Position | null,
  place: Position | null,
  event: ChatEvent,
  { switches, questions }: Turnings,
): string[] {
  if (!place) return ['its cursor cannot be read'];
  const isSwitch = before !== null && switches.has(before.chatSeq + 1);
  if (event.type === 'snapshot') {
    if (isSwitch && place.chatSeq <= before.chatSeq) return ['a snapshot from before the branch was chosen'];
    const isQuestion = before !== null && questions.has(before.chatSeq + 1);
    return index === 0 || isSwitch || isQuestion ? [] : ['a snapshot in the middle of a stream'];
  }
  if (!before) return ['expected a snapshot first'];
  if (isSwitch && !contentTypes.has(event.type)) return ['expected a snapshot of another branch'];
  const expected = placeAfter(before, event);
  return expected.chatSeq === place.chatSeq && expected.runSeq === place.runSeq
    ? []
    : [`expected to stand at ${expected.chatSeq}.${expected.runSeq}, just after ${before.chatSeq}.${before.runSeq}`];
}

function placeAfter({ chatSeq, runSeq }: Position, event: ChatEvent): Position {
  if (event.type === 'message.delta') return { chatSeq, runSeq: runSeq + event.text.length };
  if (contentTypes.has(event.type)) return { chatSeq, runSeq: runSeq + 1 };
  const isStart = event.type === 'run.started' || event.type === 'input.answered';
  return { chatSeq: chatSeq + 1, runSeq: isStart ? 0 : runSeq };
}

function overlaps(view: ChatView | null, event: ChatEvent): boolean {
  if (event.type !== 'message.delta') return false;
  const message = view?.messages.find(({ id }) => id === event.messageId);
  const have = message?.parts[event.part];
  return have !== undefined && 'text' in have && typeof have.text === 'string' && event.offset < have.text.length;
}

function wrongText(view: ChatView | null, event: ChatEvent, answerTo: AnswerTo): string[] {
  switch (event.type) {
    case 'message.delta':
      return wrongDelta(view, event, answerTo);
    case 'message.completed':
      return wrongMessage(view?.messages ?? [], event.message, answerTo);
    case 'snapshot':
      return event.messages.flatMap((message) => wrongMessage(event.messages, message, answerTo));
    default:
      return [];
  }
}

function wrongDelta(view: ChatView | null, event: ChatEventOf<'message.delta'>, answerTo: AnswerTo): string[] {
  const message = view?.messages.find(({ id }) => id === event.messageId);
  // Of an answer on another branch.
  if (!message && view?.activeRun?.messageId === event.messageId) return [];
  if (!message) return [`of ${event.messageId}, a message that was not added`];
  const question = questionOf(view?.messages ?? [], message);
  if (question === null) return [];
  // What a person added to the answer stands between two parts of its text.
  const place = textOf({ parts: message.parts.slice(0, event.part) }).length + event.offset;
  return answerTo(question, textOf(message) || event.text).startsWith(event.text, place)
    ? []
    : [`${JSON.stringify(event.text.slice(0, 60))} is not what the provider said at ${place}`];
}

/** What a stored or snapshotted message says, against what was said to its question. */
export function wrongMessage(messages: readonly Message[], message: Message, answerTo: AnswerTo): string[] {
  const question = message.role === 'assistant' ? questionOf(messages, message) : null;
  if (question === null) return [];
  const text = textOf(message);
  const answer = answerTo(question, text);
  const isRight = message.status === 'completed' ? text === answer : answer.startsWith(text);
  if (isRight) return [];
  return [
    `${message.status} with ${text.length} units, ${JSON.stringify(text.slice(-60))}; the provider said ${answer.length}`,
  ];
}

/** Null where the page does not reach back to it. */
function questionOf(messages: readonly Message[], answer: Message): string | null {
  const question = messages.find(({ id }) => id === answer.parentId);
  return question ? textOf(question) : null;
}
