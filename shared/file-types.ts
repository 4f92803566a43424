/** Images that every provider which sees images takes. */
const imageTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Text that is not called `text/…`. */
const textTypes: ReadonlySet<string> = new Set([
  'application/json',
  'application/x-ndjson',
  'application/xml',
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/sql',
  'application/javascript',
  'application/typescript',
  'application/x-sh',
]);

/** What a model is given of a file of this media type: a picture to look at, or text to read; null: nothing, it is not taken. */
export function fileKind(mediaType: string): 'image' | 'text' | null {
  if (imageTypes.has(mediaType)) return 'image';
  return mediaType.startsWith('text/') || textTypes.has(mediaType) ? 'text' : null;
}

/** What files may be, in words. */
export const takenFiles = 'a PNG, JPEG, GIF or WebP image, or text in UTF-8';
