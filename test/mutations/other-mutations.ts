import type { Mutation } from './mutation.ts';

const store = 'test/contracts/store.test.ts';

/** What is stored, and what clients make of what they are told. */
export const otherMutations: readonly Mutation[] = [
  {
    name: 'skip the fence at the end of a run',
    file: 'db/store/run-ends.ts',
    from: 'run.attempt = ending.attempt',
    to: 'run.attempt >= ending.attempt',
    tests: [store, '-t', 'STO-13'],
  },
  {
    name: 'skip the fence of slices',
    file: 'db/store/slices.ts',
    from: 'run.attempt = slice.attempt',
    to: 'run.attempt >= slice.attempt',
    tests: [store, '-t', 'STO-14'],
  },
  {
    name: 'do not recognise a repeated send',
    file: 'db/store/sends.ts',
    from: 'if (first) return repeated(first, request);',
    to: '',
    tests: [store, '-t', '\\[STO-3\\]'],
  },
  {
    name: 'start a second run in a busy chat',
    file: 'db/store/runs.ts',
    from: 'if (!held || held.chat.activeRunId !== null) return null;',
    to: 'if (!held) return null;',
    tests: [store, '-t', 'STO-10'],
  },
  {
    name: 'forget that a stop was asked for',
    file: 'db/store/run-ends.ts',
    from: "active.stopRequestedAt === null ? 'interrupted' : 'stopped'",
    to: "active.stopRequestedAt === null ? 'interrupted' : 'interrupted'",
    tests: [store, '-t', 'STO-15'],
  },
  {
    name: 'recover without what was recorded',
    file: 'db/store/run-ends.ts',
    from: 'partialAnswer(slices)',
    to: 'partialAnswer([])',
    tests: [store, '-t', 'STO-15'],
  },
  {
    name: 'put slices together without regard to where they begin',
    file: 'db/partial-answer.ts',
    from: 'before.slice(0, offset ?? 0)',
    to: 'before',
    tests: ['test/unit/db/partial-answer.test.ts'],
  },
  {
    name: 'fold a delta without regard to where it begins',
    file: 'shared/fold.ts',
    from: 'text: isOld ? text : text.slice(0, delta.offset) + delta.text,',
    to: 'text: text + delta.text,',
    tests: ['test/unit/shared/fold.test.ts'],
  },
  {
    name: 'go on where the chat was when a branch had to wait',
    file: 'db/store/run-start.ts',
    from: "run.kind === 'edit' ? run.parentMessageId : chat.leafMessageId",
    to: 'chat.leafMessageId',
    tests: [store, '-t', 'BRA-4'],
  },
  {
    name: 'lose the siblings of an answer when it is whole',
    file: 'shared/fold.ts',
    from: '...(siblings && { siblings })',
    to: '',
    tests: ['test/unit/shared/fold.test.ts'],
  },
  {
    name: 'do not see a hole',
    file: 'shared/fold.ts',
    from: 'return event.offset > textLength(message.parts[event.part]);',
    to: 'return false;',
    tests: ['test/unit/shared/fold.test.ts'],
  },
  {
    name: 'fold a message that is known again',
    file: 'shared/fold.ts',
    from: 'messages: isKnown ? view.messages : [...view.messages, message]',
    to: 'messages: [...view.messages, message]',
    tests: ['test/unit/shared/fold.test.ts'],
  },
  {
    name: 'forget the cursor in the client',
    file: 'client/stream.ts',
    from: 'cursor = event.cursor;',
    to: '',
    tests: ['test/unit/client/stream.test.ts'],
  },
  {
    name: 'do not resubscribe at a hole',
    file: 'client/chat-store.ts',
    from: 'if (leavesHole(this.#state.view, event)) return true;',
    to: '',
    tests: ['test/unit/client/chat-store.test.ts'],
  },
  {
    name: 'repeat a send under another id',
    file: 'client/send.ts',
    from: 'calls.send(message, options.signal)',
    to: 'calls.send({ ...message, messageId: newId<MessageId>() }, options.signal)',
    tests: ['test/unit/client/send.test.ts'],
  },
];
