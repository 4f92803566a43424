import { Icon } from '../ui/icon.tsx';
import type { PartOf } from './part-of.ts';

const units = ['bytes', 'KB', 'MB', 'GB'];

/** A file, by its name; there is no way to fetch it yet. */
export function FilePart({ part }: { readonly part: PartOf<'file'> }) {
  return (
    <div className="aside-part">
      <Icon name="file" />
      <div>
        <p>{part.name}</p>
        <p className="soft">
          {part.mediaType}, {sizeOf(part.size)}
        </p>
      </div>
    </div>
  );
}

function sizeOf(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1_000 ** power).toFixed(1))} ${units[power]}`;
}
