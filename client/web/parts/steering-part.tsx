import { Icon } from '../ui/icon.tsx';
import type { PartOf } from './part-of.ts';

/** What the person added while the answer was written, as they wrote it. */
export function SteeringPart({ part }: { readonly part: PartOf<'steering'> }) {
  return (
    <div className="aside-part">
      <Icon name="new" />
      <div>
        <p className="soft">You added:</p>
        <p className="as-written">{part.text}</p>
      </div>
    </div>
  );
}
