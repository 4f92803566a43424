import { limits } from '../../shared/limits.ts';
import { cleanText, cutText } from '../../shared/text.ts';

/** The last step of a path on any system. */
const lastStep = /[^/\\]*$/;

// Those of Unicode's control and format characters, some of which turn the direction of what follows.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A name to show and to save under: one line, no folders, nothing that cannot be seen. */
export function cleanFileName(name: string | null): string {
  const last = lastStep.exec(cleanText(name ?? ''))?.[0] ?? '';
  const shown = cutText(last.replaceAll(invisible, '').trim(), limits.fileName);
  return shown === '' || /^\.+$/.test(shown) ? 'file' : shown;
}

/** What a browser saves it under: for old ones in ASCII, for all others as it is. */
export function dispositionOf(kind: 'inline' | 'attachment', name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
