import { useContext, useEffect, useState } from 'react';
import { useClient } from '../../react.tsx';
import { SharedUnder } from './shared-under.ts';

/** What an image is shown from: `failed` when its file could not be read. */
export type ObjectUrl = { readonly state: 'loading' | 'failed' } | { readonly state: 'ready'; readonly url: string };

/**
 * An address for the bytes of a file, as long as it is shown. The page asks for them with its token, which an image could not.
 *
 * @param isWanted false: not yet
 */
export function useObjectUrl(fileId: string, isWanted: boolean): ObjectUrl {
  const client = useClient();
  const shareId = useContext(SharedUnder);
  const [shown, setShown] = useState<ObjectUrl>({ state: 'loading' });
  useEffect(() => {
    if (!isWanted) return undefined;
    const gone = new AbortController();
    let url: string | undefined;
    const options = { signal: gone.signal, ...(shareId !== null && { shareId }) };
    client.download(fileId, options).then(
      (blob) => {
        if (gone.signal.aborted) return;
        url = URL.createObjectURL(blob);
        setShown({ state: 'ready', url });
      },
      () => {
        if (!gone.signal.aborted) setShown({ state: 'failed' });
      },
    );
    return () => {
      gone.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [client, fileId, isWanted, shareId]);
  return shown;
}
