import type { CpuProfile, ProfileNode } from './profiler.ts';

const root = new URL('../../', import.meta.url).href;

/** Whose code a place in the profile is: a package, a folder of ours, a part of Node. */
function areaOf({ callFrame: { url, functionName } }: ProfileNode): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native, outside JavaScript';
  const packageName = url
    .split('node_modules/')
    .at(-1)
    ?.match(/^(@[^/]+\/[^/]+|[^/]+)/)?.[1];
  if (url.includes('node_modules/')) return packageName ?? url;
  if (url.startsWith(root)) return `./${url.slice(root.length).split('/').slice(0, -1).join('/')}`;
  const builtin = /^node:internal\/(?:deps\/)?([^/]+)|^node:([^/]+)/.exec(url);
  return `node:${builtin?.[1] ?? builtin?.[2] ?? 'builtins'}`;
}

interface Place {
  readonly node: ProfileNode;
  readonly area: string;
  /** The nearest area up the stack that is no part of Node: who asked for it. */
  readonly owner: string;
  /** Areas and functions on the stack, each once, for inclusive times. */
  readonly stack: ReadonlySet<string>;
}

const isNode = (area: string): boolean => area.startsWith('node:');

function functionOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(root, '').replace(/^.*node_modules\//, '');
  return `${functionName === '' ? '(anonymous)' : functionName}  ${file}:${lineNumber + 1}`;
}

function places({ nodes }: CpuProfile): Map<number, Place> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const known = new Map<number, Place>();
  // V8 lists a node before its children.
  for (const node of nodes) {
    const parent = known.get(parents.get(node.id) ?? -1);
    // WebAssembly has no name of its own: it is the database's or that of Node's HTTP parser, as who calls it tells.
    const isWasm = node.callFrame.url.startsWith('wasm:') && parent !== undefined;
    const area = isWasm ? parent.area : areaOf(node);
    const owner = isNode(area) && parent !== undefined ? parent.owner : area;
    known.set(node.id, { node, area, owner, stack: new Set([...(parent?.stack ?? []), area, functionOf(node)]) });
  }
  return known;
}

type Times = Map<string, number>;

const add = (times: Times, key: string, micros: number): void => void times.set(key, (times.get(key) ?? 0) + micros);

function lines(title: string, times: Times, perPart: number, count: number): string[] {
  const largest = [...times].toSorted(([, a], [, b]) => b - a).slice(0, count);
  return ['', title, ...largest.map(([key, micros]) => `  ${(micros / perPart).toFixed(2).padStart(7)}  ${key}`)];
}

/**
 * Where a server's time went, by area and by function, in microseconds for each token.
 *
 * Scaled so that all of it together is `microsPerToken`: the profiler's own cost falls on all places alike.
 */
export function profileReport(profile: CpuProfile, microsPerToken: number): string {
  const known = places(profile);
  const self: Times = new Map();
  const owned: Times = new Map();
  const functions: Times = new Map();
  const inclusive: Times = new Map();
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const place = known.get(id);
    if (place === undefined || place.node.callFrame.functionName === '(idle)') continue;
    const micros = profile.timeDeltas[index] ?? 0;
    busy += micros;
    add(self, place.area, micros);
    add(owned, place.owner, micros);
    add(functions, functionOf(place.node), micros);
    for (const key of place.stack)
      if (!/node:|wasm/.test(key) && !key.startsWith('(root)')) add(inclusive, key, micros);
  }
  const perPart = busy / microsPerToken;
  return [
    ...lines('µs per token, the area itself', self, perPart, 20),
    ...lines('µs per token, with the parts of Node that it called', owned, perPart, 20),
    ...lines('µs per token, functions themselves', functions, perPart, 30),
    ...lines('µs per token, functions and areas with all that they called', inclusive, perPart, 50),
  ].join('\n');
}
