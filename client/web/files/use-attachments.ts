import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Attachment, ChatClient } from '../../index.ts';
import { useClient } from '../../react.tsx';
import { announce } from '../ui/announcements.tsx';
import { problemOf } from '../ui/attempt.ts';
import { keep, readKept } from './kept-files.ts';
import { sizeOf } from './file-words.ts';

/** A file that is going to be sent, with the message or the answer in the making. */
export type Attached = {
  /** Its name in the list, where it stays. */
  readonly key: string;
  readonly name: string;
} & (
  | { readonly state: 'uploading'; readonly share: number }
  | { readonly state: 'ready'; readonly attachment: Attachment }
  /** `file`: to try again. */
  | { readonly state: 'failed'; readonly problem: string; readonly file: File }
);

export interface Attachments {
  readonly items: readonly Attached[];
  readonly ready: readonly Attachment[];
  /** Whether some are not uploaded: nothing is sent without what was to go with it. */
  readonly isUnready: boolean;
  readonly add: (files: Iterable<File>) => void;
  /** What was uploaded before. */
  readonly restore: (attachments: readonly Attachment[]) => void;
  readonly remove: (key: string) => void;
  readonly retry: (key: string) => void;
  readonly clear: () => void;
}

/** The files for the next message of a chat, or for a field of a question; they survive a reload of this tab. */
export function useAttachments(owner: string | null): Attachments {
  const uploads = useUploads(() => readKept(owner));
  const { items } = uploads;
  useEffect(() => keep(owner, readyOf(items)), [owner, items]);
  return uploads;
}

/**
 * Files, uploaded as they come. Those under way are given up with the component.
 *
 * @param before what was uploaded already; asked once
 */
function useUploads(before: () => readonly Attachment[]): Attachments {
  const client = useClient();
  const [items, setItems] = useState<readonly Attached[]>(() => before().map((one) => readyItem(one)));
  const uploads = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const underWay = uploads.current;
    return () => underWay.forEach((upload) => upload.abort());
  }, []);

  const set = useCallback((item: Attached): void => {
    setItems((before) => before.map((one) => (one.key === item.key ? item : one)));
  }, []);
  const upload = useCallback(
    (key: string, file: File): void => {
      const gone = new AbortController();
      uploads.current.set(key, gone);
      const { name } = file;
      uploadFile(client, file, gone.signal, (share) => set({ key, name, state: 'uploading', share })).then(
        (attachment) => {
          set(readyItem(attachment, key));
          announce(`${name} is attached`);
        },
        (reason: unknown) => {
          if (!gone.signal.aborted) set({ key, name, state: 'failed', problem: wordsFor(reason), file });
        },
      );
    },
    [client, set],
  );
  const actions = useMemo(
    () => ({
      add(files: Iterable<File>): void {
        for (const file of files) {
          const key = crypto.randomUUID();
          setItems((before) => [...before, { key, name: file.name, state: 'uploading', share: 0 }]);
          upload(key, file);
        }
      },
      restore: (attachments: readonly Attachment[]): void =>
        setItems((before) => [...before, ...attachments.map((attachment) => readyItem(attachment))]),
      remove(key: string): void {
        uploads.current.get(key)?.abort();
        setItems((before) => before.filter((one) => one.key !== key));
      },
      clear: (): void => setItems([]),
    }),
    [upload],
  );
  const retry = (key: string): void => {
    const failed = items.find((one) => one.key === key);
    if (failed?.state !== 'failed') return;
    set({ key, name: failed.name, state: 'uploading', share: 0 });
    upload(key, failed.file);
  };
  return { items, ready: readyOf(items), isUnready: items.some(({ state }) => state !== 'ready'), ...actions, retry };
}

function readyItem(attachment: Attachment, key: string = attachment.fileId): Attached {
  return { key, name: attachment.name, state: 'ready', attachment };
}

function readyOf(items: readonly Attached[]): Attachment[] {
  return items.flatMap((item) => (item.state === 'ready' ? [item.attachment] : []));
}

/** Known without asking the server for more than its limit. */
class TooLarge extends Error {}

function wordsFor(reason: unknown): string {
  return reason instanceof TooLarge ? reason.message : problemOf(reason);
}

/** What the server would not take is not sent: it would hang up in the middle, and nobody would see why. */
async function uploadFile(
  client: ChatClient,
  file: File,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Attachment> {
  const { limits } = await client.api.server.info.query(undefined, { signal });
  const most = limits['fileBytes'] ?? Infinity;
  if (file.size > most) throw new TooLarge(`the file has ${sizeOf(file.size)}, and at most ${sizeOf(most)} are taken`);
  return client.upload(file, { signal, onProgress });
}
