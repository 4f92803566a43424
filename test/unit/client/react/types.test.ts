import { expect, expectTypeOf, test } from 'vitest';
import type { SendOutput } from '../../../../client/index.ts';
import { useCatalog, useChat, useChats } from '../../../../client/react.tsx';
import type { Catalog } from '../../../../client/react.tsx';
import type { Message } from '../../../../shared/message.ts';

/** Never called: the compiler is what tests it, over `tsc -p .`. */
function compiles(): void {
  const { status, messages, send, earlier } = useChat('id');
  expectTypeOf(status).toEqualTypeOf<'loading' | 'ready' | 'deleted' | 'failed'>();
  expectTypeOf(messages).toEqualTypeOf<readonly Message[]>();
  expectTypeOf(send('hello', { onBusy: 'interrupt' })).toEqualTypeOf<Promise<SendOutput>>();
  expectTypeOf(earlier.load).toEqualTypeOf<() => void>();
  expectTypeOf(useCatalog()).toEqualTypeOf<Catalog | null>();
  const { chats, create } = useChats({ search: 'x' });
  expectTypeOf(chats[0]?.unread).toEqualTypeOf<boolean | undefined>();
  // @ts-expect-error a policy that does not exist
  void send('hello', { onBusy: 'wait' });
  // @ts-expect-error a chat has an id
  useChat();
  // @ts-expect-error a wrong name
  useChats({ find: 'x' });
  // @ts-expect-error a wrong field of the new chat
  void create({ name: 'x' });
}

test('[RCT-24] what the hooks take and give is typed, and a wrong field does not compile', () => {
  expect(compiles).toBeTypeOf('function');
});
