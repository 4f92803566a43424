import type { Part } from '../../../shared/message.ts';
import type { HandlerEvent } from '../handler.ts';
import type { Source } from '../tools/tool.ts';
import type { Toolset } from '../tools/toolset.ts';

/** Sources after one answer: as many as anybody looks at. */
const most = 20;

/** What an answer is based on, each once, in the order in which it was read: known from its calls, so also after a restart. */
export function* sourceEvents(parts: readonly Part[], toolset: Toolset): Generator<HandlerEvent> {
  const sources = new Map<string, Source>();
  for (const part of parts) {
    if (part.type !== 'tool' || part.state !== 'done') continue;
    for (const source of toolset.find(part.name)?.tool.sources?.(part.output, part.input) ?? []) {
      const key = source.url ?? source.title;
      if (!sources.has(key)) sources.set(key, source);
    }
  }
  for (const [key, source] of [...sources].slice(0, most)) {
    yield { type: 'part', key: `source ${key}`, value: { type: 'source', ...source } };
  }
}
