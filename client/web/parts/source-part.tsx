import { OutwardLink } from '../markdown/outward-link.tsx';
import { Icon } from '../ui/icon.tsx';
import type { PartOf } from './part-of.ts';

/** Where the answer has something from. */
export function SourcePart({ part }: { readonly part: PartOf<'source'> }) {
  return (
    <div className="aside-part">
      <Icon name="source" />
      <div>
        <p>
          <OutwardLink address={part.url}>{part.title}</OutwardLink>
        </p>
        {part.excerpt !== undefined && <p className="soft">{part.excerpt}</p>}
      </div>
    </div>
  );
}
