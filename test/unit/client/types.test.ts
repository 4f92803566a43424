import { expect, expectTypeOf, test } from 'vitest';
import type { ChatClient, SendOutput, StreamedEvent } from '../../../client/index.ts';
import type { ChatView } from '../../../shared/events.ts';

/** Never called: the compiler is what tests it, over `tsc -p .`. */
async function compiles(client: ChatClient): Promise<void> {
  // @ts-expect-error a wrong name
  await client.send({ chatId: '', txt: 'hello' });
  // @ts-expect-error a wrong type
  await client.send({ chatId: '', text: 1 });
  // @ts-expect-error a policy that does not exist
  await client.send({ chatId: '', text: '', onBusy: 'wait' });
  // @ts-expect-error the typed api too
  await client.api.chat.send.mutate({ chatId: '', words: 'hello' });
  // @ts-expect-error no such procedure
  await client.api.chat.shout.mutate({});
  for await (const event of client.stream({ chatId: '' })) {
    // @ts-expect-error a delta has no message
    if (event.type === 'message.delta') expectTypeOf(event.message);
    if (event.type === 'message.delta') expectTypeOf(event.offset).toEqualTypeOf<number>();
    if (event.type === 'snapshot') expectTypeOf(event).toExtend<ChatView>();
  }
}

test('[CLT-17] a wrong field, type or procedure does not compile, and events are told apart by their type', () => {
  expect(compiles).toBeTypeOf('function');
  expectTypeOf<SendOutput['disposition']>().toEqualTypeOf<'started' | 'queued' | 'duplicate'>();
  expectTypeOf<StreamedEvent['cursor']>().toEqualTypeOf<string>();
});
