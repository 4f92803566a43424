import { useContext, useRef } from 'react';
import type { Attachment } from '../../index.ts';
import { useClient } from '../../react.tsx';
import { useAttempt } from '../ui/attempt.ts';
import { Icon } from '../ui/icon.tsx';
import { saveFile } from '../ui/save-file.ts';
import { isImage, sizeOf } from './file-words.ts';
import { SharedUnder } from './shared-under.ts';
import { useObjectUrl } from './use-object-url.ts';
import { useSeen } from './use-seen.ts';

/** The files of a message: images to see, all others to save. */
export function MessageFiles({ files }: { readonly files: readonly Attachment[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="message-files" aria-label="Files">
      {files.map((file) => (
        <li key={file.fileId}>{isImage(file) ? <ImageFile file={file} /> : <TextFile file={file} />}</li>
      ))}
    </ul>
  );
}

interface FileProps {
  readonly file: Attachment;
}

/** Its place is there before it is, so that nothing moves. */
function ImageFile({ file: { fileId, name } }: FileProps) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useObjectUrl(fileId, useSeen(box));
  return (
    <div ref={box} className="image-file" data-state={shown.state}>
      {shown.state === 'ready' ? (
        <a href={shown.url} target="_blank" rel="noopener" title={`Open ${name}`}>
          <img src={shown.url} alt={name} />
        </a>
      ) : (
        <p className="soft">
          <Icon name="file" /> {shown.state === 'failed' ? `${name} could not be loaded` : name}
        </p>
      )}
    </div>
  );
}

function TextFile({ file: { fileId, name, size } }: FileProps) {
  const client = useClient();
  const shareId = useContext(SharedUnder);
  const { isBusy, problem, attempt } = useAttempt();
  const save = async (): Promise<void> => {
    saveFile(await client.download(fileId, shareId === null ? {} : { shareId }), name);
  };
  return (
    <div className="text-file">
      <button type="button" className="quiet" title="Save" disabled={isBusy} onClick={() => void attempt(save)}>
        <span className="unseen">Save </span>
        <Icon name="file" />
        <span className="file-name">{name}</span>
        <span className="soft">{sizeOf(size)}</span>
      </button>
      {problem !== null && (
        <p className="problem" role="alert">
          Not saved: {problem}
        </p>
      )}
    </div>
  );
}
