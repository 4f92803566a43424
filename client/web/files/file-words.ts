import { fileKind } from '../../../shared/file-types.ts';

const units = ['bytes', 'KB', 'MB', 'GB'];

export function sizeOf(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1_000 ** power).toFixed(1))} ${units[power]}`;
}

export function isImage({ mediaType }: { readonly mediaType: string }): boolean {
  return fileKind(mediaType) === 'image';
}
