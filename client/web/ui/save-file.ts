/** Milliseconds after which every browser has taken the file over; until then it is in memory. */
const takenMs = 60_000;

/** Lets the browser save these bytes under a name. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), takenMs);
}
