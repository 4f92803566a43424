/** What `exports` may hold in the checkout: a source, a source of which only the types count, or any other file. */
type Target = string | { readonly types: string };

/** The checkout's package.json, as far as it is looked at here. */
export interface Manifest extends Readonly<Record<string, unknown>> {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Target>>;
}

/**
 * The fields that whoever installs the package needs, in this order. All others are for working on it; of these
 * `optionalDependencies` above all must stay here: they bring a Node that would stand before the user's own.
 */
const kept = [
  'name',
  'version',
  'private',
  'description',
  'license',
  'type',
  'engines',
  'bin',
  'exports',
  'files',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
];

/**
 * The package.json of the tarball: where the checkout's points at TypeScript, it points at what `prepack` has made of it
 * in `dist`, because Node strips no types below `node_modules`.
 */
export function publishedManifest(manifest: Manifest): Record<string, unknown> {
  const moved: Record<string, unknown> = {
    ...manifest,
    bin: mapValues(manifest.bin, built),
    exports: mapValues(manifest.exports, publishedTarget),
  };
  return Object.fromEntries(kept.filter((name) => name in moved).map((name) => [name, moved[name]]));
}

/** For whatever in `dist` asks for its version, and so that Node knows the files there as modules. */
export function distManifest({ version }: Manifest): Record<string, unknown> {
  return { version, type: 'module' };
}

function publishedTarget(target: Target): unknown {
  if (typeof target !== 'string') return { types: declarations(target.types) };
  if (!/\.tsx?$/.test(target)) return target;
  return { types: declarations(target), default: built(target) };
}

function built(source: string): string {
  return inDist(source).replace(/\.tsx?$/, '.js');
}

function declarations(source: string): string {
  return inDist(source).replace(/\.tsx?$/, '.d.ts');
}

function inDist(path: string): string {
  return `./dist/${path.replace(/^\.\//, '')}`;
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
