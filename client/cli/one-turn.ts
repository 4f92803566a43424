import type { Chat } from '../../shared/chat.ts';
import { exitCodes } from './exit-codes.ts';
import { twoInterrupts } from './interrupts.ts';
import { isPerson, LineSource } from './line-source.ts';
import type { Session } from './session.ts';
import type { Turn } from './turn.ts';

export interface OneTurnOptions {
  /** Absent: where stderr is a terminal. */
  readonly reasoning?: boolean | undefined;
  /** Whether answers to questions come from a pipe too; otherwise only from a person. */
  readonly readsPipe?: boolean;
}

/** One message and its answer, in a chat that is found or made for it. The first Ctrl-C stops the answer, the second leaves it. */
export async function oneTurn(
  session: Session,
  { reasoning, readsPipe = false }: OneTurnOptions,
  findChat: () => Promise<Chat>,
  work: (turn: Turn) => Promise<number>,
): Promise<number> {
  const { terminal, screen, gone } = session;
  const interrupts = twoInterrupts();
  // Opened when something is asked: until then Ctrl-C is the terminal's.
  let opened: LineSource | null = null;
  const lines = (): LineSource | null => {
    if (opened || !(readsPipe || isPerson(terminal))) return opened;
    opened = new LineSource(terminal, screen);
    opened.onInterrupt(interrupts.interrupt);
    return opened;
  };
  const stopListening = terminal.onInterrupt(interrupts.interrupt);
  try {
    const chat = await findChat();
    screen.notice(`chat ${chat.id}`);
    const leave = AbortSignal.any([gone, interrupts.second]);
    const showReasoning = reasoning ?? terminal.stderr.isTTY ?? false;
    return await work({ session, chat, showReasoning, lines, stop: interrupts.first, leave });
  } catch (error) {
    if (interrupts.second.aborted) return exitCodes.left;
    throw error;
  } finally {
    (opened as LineSource | null)?.close();
    stopListening();
  }
}
