import { sizeOf } from '../files/file-words.ts';
import { Icon } from '../ui/icon.tsx';
import type { PartOf } from './part-of.ts';

/** A file that an answer names. Whoever made the answer knows where it is. */
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
