import type { FilePart } from '../shared/message.ts';

/** A file that was uploaded: what a message is sent with, and what `file` parts have. */
export type Attachment = Omit<FilePart, 'type'>;

/** A file of a browser, or bytes or text under a name. */
export type UploadInput =
  | File
  | {
      readonly name: string;
      /** Absent: the server finds out whether it is an image or text. */
      readonly mediaType?: string;
      readonly data: Blob | Uint8Array<ArrayBuffer> | string;
    };

/** The ids alone, as the wire has them. */
export function fileIdsOf(attachments: readonly Attachment[] | undefined): { attachments?: string[] } {
  return attachments ? { attachments: attachments.map(({ fileId }) => fileId) } : {};
}
