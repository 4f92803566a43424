import { isDeepStrictEqual } from 'node:util';
import type { ChatEvent } from '../../shared/events.ts';

/**
 * What a chat's whole log says against the laws of questions, once no run is active: each is asked once and answered once
 * at most, by its run that waits; one without an answer was withdrawn by the end of its run; an answer that was acknowledged
 * is the one that counts.
 */
export function wrongQuestions(events: readonly ChatEvent[], acknowledged: ReadonlyMap<string, unknown>): string[] {
  const pending = new Map<string, string>();
  const known = new Set<string>();
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  for (const event of events) {
    if (event.type === 'input.requested') {
      const { id, runId } = event.input;
      if (known.has(id)) problems.push(`question ${id} was asked twice`);
      if (pending.size > 0) problems.push(`question ${id} was asked while another one was pending`);
      known.add(id);
      pending.set(id, runId);
    }
    if (event.type === 'input.answered') {
      if (!pending.delete(event.inputId)) problems.push(`question ${event.inputId} was answered and not pending`);
      values.set(event.inputId, event.value);
    }
    if (event.type === 'run.ended') {
      const [own] = [...pending].find(([, runId]) => runId === event.runId) ?? [];
      if (own !== undefined && event.status !== 'stopped')
        problems.push(`run ${event.runId} ended ${event.status} while it waited`);
      if (own !== undefined) pending.delete(own);
    }
  }
  const lost = [...acknowledged].filter(([id, value]) => !isDeepStrictEqual(values.get(id), value));
  return [
    ...problems,
    ...[...pending.keys()].map((id) => `question ${id} is pending and nobody waits`),
    ...lost.map(
      ([id, value]) =>
        `answer ${JSON.stringify(value)} to ${id} was acknowledged, ${JSON.stringify(values.get(id))} counts`,
    ),
  ];
}

/** How often answers to each text went on after a question. */
export function goneOn(events: readonly ChatEvent[]): Map<string, number> {
  const texts = new Map<string, string>();
  const runs = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'run.started') texts.set(event.run.id, event.run.text);
    if (event.type === 'input.requested') runs.set(event.input.id, event.input.runId);
    if (event.type !== 'input.answered') continue;
    const text = texts.get(runs.get(event.inputId) ?? '') ?? '';
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
