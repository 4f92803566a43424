import type { Conversation, Taken } from './conversation.ts';
import type { Interrupts } from './interrupts.ts';

/** What a person at a terminal may ask for instead of saying something. */
export interface SlashCommand {
  readonly usage: string;
  readonly meaning: string;
  run(conversation: Conversation, argument: string, turn: Interrupts): Promise<Taken>;
}

export type SlashCommands = Readonly<Record<string, SlashCommand>>;
