import { Icon } from '../ui/icon.tsx';
import { isImage, sizeOf } from './file-words.ts';
import type { Attached, Attachments } from './use-attachments.ts';
import { useObjectUrl } from './use-object-url.ts';

interface AttachedListProps {
  readonly attachments: Attachments;
  /** What had the focus is gone: puts it where one goes on. */
  readonly onLeave: () => void;
}

/** The files that go with the message in the making: how far each is, and what can be done about it. */
export function AttachedList({ attachments: { items, remove, retry }, onLeave }: AttachedListProps) {
  if (items.length === 0) return null;
  return (
    <ul className="attached-list" aria-label="Attached files">
      {items.map((item) => (
        <li key={item.key} className="attached" data-state={item.state}>
          <Look item={item} />
          <div className="attached-words">
            <p className="file-name">{item.name}</p>
            <Progress item={item} />
          </div>
          {item.state === 'failed' && (
            <button type="button" className="quiet" onClick={() => retry(item.key)}>
              Try again
            </button>
          )}
          <button
            type="button"
            className="plain-button"
            aria-label={`Remove ${item.name}`}
            title="Remove"
            onClick={() => {
              remove(item.key);
              onLeave();
            }}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Look({ item }: { readonly item: Attached }) {
  if (item.state === 'ready' && isImage(item.attachment)) return <Thumbnail fileId={item.attachment.fileId} />;
  return (
    <span className="thumbnail">
      <Icon name={item.state === 'failed' ? 'failed' : 'file'} />
    </span>
  );
}

/** Its name stands beside it. */
function Thumbnail({ fileId }: { readonly fileId: string }) {
  const shown = useObjectUrl(fileId, true);
  return (
    <span className="thumbnail">{shown.state === 'ready' ? <img src={shown.url} alt="" /> : <Icon name="file" />}</span>
  );
}

function Progress({ item }: { readonly item: Attached }) {
  switch (item.state) {
    case 'uploading':
      return <progress aria-label={`Uploading ${item.name}`} value={item.share} max={1} />;
    case 'failed':
      return (
        <p className="problem" role="alert">
          Not uploaded: {item.problem}
        </p>
      );
    default:
      return <p className="soft">{sizeOf(item.attachment.size)}</p>;
  }
}
