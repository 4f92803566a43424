import type { Dice } from './dice.ts';
import { anyValue, spoiled } from './values.ts';

const noChat = '0198c0de-0000-7000-8000-000000000001';

/** One call of each kind as it should be, for the chat that may be attacked. */
function goodCalls(chatId: string): readonly object[] {
  const query = (path: string, input?: unknown) => ({ method: 'query', params: { path, input } });
  const mutation = (path: string, input?: unknown) => ({ method: 'mutation', params: { path, input } });
  return [
    query('server.info'),
    query('chat.get', { chatId }),
    query('chat.get', { chatId: noChat }),
    query('chat.list', { limit: 3, search: 'x', archived: false }),
    query('chat.history', { chatId, limit: 5, cursor: null }),
    query('assistant.list', { limit: 2 }),
    query('workflow.list', { limit: 2 }),
    query('workflow.get', { workflowId: noChat }),
    query('workflow.runLog', { runId: noChat, limit: 2 }),
    mutation('workflow.create', { name: 'x', definition: { nodes: [], edges: [] } }),
    mutation('workflow.validate', {
      definition: { nodes: [{ id: 'a', type: 'llm' }], edges: [{ from: 'a', to: 'a' }] },
    }),
    mutation('workflow.testNode', { workflowId: noChat, nodeId: 'a', values: { 'a.b': 1 } }),
    query('model.list'),
    mutation('chat.send', { chatId, text: 'text 2 10', onBusy: 'queue' }),
    mutation('chat.send', { chatId, text: 'text 2 10', onBusy: 'interrupt' }),
    mutation('chat.stop', { chatId, runId: noChat }),
    mutation('chat.stop', { chatId }),
    mutation('chat.rename', { chatId, title: 'another' }),
    mutation('chat.archive', { chatId, archived: true }),
    mutation('chat.delete', { chatId: noChat }),
    { method: 'subscription', params: { path: 'chat.stream', input: { chatId } } },
    { method: 'subscription', params: { path: 'chat.stream', input: { chatId, lastEventId: 'x.1.2' } } },
    { method: 'subscription.stop' },
    { method: 'connectionParams', data: { token: 'x' } },
  ];
}

/** The text of one frame: a call or several, of which something is not as it should be. */
export function anyFrame(dice: Dice, chatId: string): string {
  const good = goodCalls(chatId);
  const call = () => ({ id: dice.chance(0.9) ? dice.below(20) : anyValue(dice), jsonrpc: '2.0', ...dice.pick(good) });
  const frame = dice.chance(0.2) ? Array.from({ length: dice.below(12) }, call) : call();
  const whole = JSON.stringify(spoiled(dice, frame, dice.pick([0, 0.1, 0.3]))) ?? '';
  const text = whole.slice(0, 10_000);
  if (dice.chance(0.9)) return text;
  // Cut off, or with something in the middle of it.
  const at = dice.below(text.length + 1);
  return (
    text.slice(0, at) + (dice.chance(0.5) ? '' : dice.pick(['\0', '"', '}', '\\u', '\ud800', ',']) + text.slice(at))
  );
}

/** The path and query of an HTTP call. */
export function anyTarget(dice: Dice, chatId: string): string {
  const { params } = dice.pick(goodCalls(chatId).filter((call) => 'params' in call)) as {
    params: { path: string; input?: unknown };
  };
  const input = encodeURIComponent(JSON.stringify(spoiled(dice, params.input ?? {}, 0.3)) ?? '');
  const path = dice.chance(0.8) ? params.path : dice.pick(['', '..', '%', '%00', '__proto__', 'chat', 'a,b,c', '//']);
  return `/trpc/${path}${dice.chance(0.8) ? `?input=${input}` : ''}${dice.chance(0.2) ? '&batch=1' : ''}`;
}
