/**
 * Two people look at one chat, each over a connection of their own, and see the same answer grow.
 *
 *     npm start                                     in one terminal
 *     npx node test/examples/two-watchers.ts        in another
 *
 * It uses `client.open`, the live view of a chat that interfaces are built on.
 */
import assert from 'node:assert/strict';
import { createChatClient } from 'switchboard/client';
import type { ChatStore } from 'switchboard/client';
import { textOf } from 'switchboard/shared';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const ada = createChatClient({ url });
const ben = createChatClient({ url });

const chat = await ada.api.chat.create.mutate({ title: 'Seen by two' });
const views = [ada.open(chat.id), ben.open(chat.id)] as const;
const watchers = views.map((view) => watchAnswer(view));

// Ada asks; the message is in her own view at once, and in Ben's as soon as the server has it.
await views[0].send('What do we both see?');
const [seenByAda, seenByBen] = await Promise.all(watchers);
assert.ok(seenByAda && seenByBen);

assert.equal(seenByAda.at(-1), seenByBen.at(-1), 'both have the same text at the end');
for (const seen of [seenByAda, seenByBen]) {
  assert.ok(seen.length > 5, 'the answer came in many pieces');
  assert.ok(
    seen.every((text) => seen.at(-1)?.startsWith(text)),
    'and only grew',
  );
}
const { messages } = await ben.api.chat.history.query({ chatId: chat.id });
assert.deepEqual(views[1].get().view?.messages, messages, 'a view is what is stored');
console.log(`Ada saw it grow ${seenByAda.length} times, Ben ${seenByBen.length} times, to the same text`);

for (const view of views) view.close();
await Promise.all([ada.close(), ben.close()]);

/** Every text that the answer had in this view, until it was complete. */
function watchAnswer(view: ChatStore): Promise<string[]> {
  const texts: string[] = [];
  return new Promise((resolve) => {
    // The listener is called after each change; `get()` is the view as it is then.
    const unsubscribe = view.subscribe(() => {
      const answer = view.get().view?.messages.at(-1);
      if (answer?.role !== 'assistant') return;
      if (textOf(answer) !== texts.at(-1)) texts.push(textOf(answer));
      if (answer.status === 'streaming') return;
      unsubscribe();
      resolve(texts);
    });
  });
}
