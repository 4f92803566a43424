import { useEffect, useEffectEvent, useState } from 'react';

/**
 * Takes files that are dropped anywhere on the page, which a browser would otherwise show in its place.
 *
 * @param onFiles null: they are not wanted now
 * @returns whether some are held over the page
 */
export function useFileDrop(onFiles: ((files: Iterable<File>) => void) | null): boolean {
  const [isOver, setOver] = useState(false);
  const isWanted = onFiles !== null;
  const take = useEffectEvent((files: Iterable<File>) => onFiles?.(files));
  useEffect(() => {
    if (!isWanted) return undefined;
    const onDrag = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(event.type !== 'drop');
      if (event.type === 'drop') take([...event.dataTransfer.files]);
    };
    const onLeave = (event: DragEvent): void => {
      // Not from one element to the next, but out of the page.
      if (event.relatedTarget === null) setOver(false);
    };
    document.addEventListener('dragover', onDrag);
    document.addEventListener('drop', onDrag);
    document.addEventListener('dragleave', onLeave);
    return () => {
      document.removeEventListener('dragover', onDrag);
      document.removeEventListener('drop', onDrag);
      document.removeEventListener('dragleave', onLeave);
    };
  }, [isWanted]);
  return isOver && isWanted;
}
