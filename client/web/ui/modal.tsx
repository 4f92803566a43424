import { useId, useLayoutEffect, useRef } from 'react';
import type { MouseEvent, ReactNode } from 'react';

interface ModalProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Called when it has closed, however that came about. */
  readonly onClose: () => void;
}

/** A dialog over everything else, open for as long as it is drawn. Escape and a click beside it close it. */
export function Modal({ title, children, onClose }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before it is taken out of the page, so that the browser gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  const onClick = (event: MouseEvent): void => {
    if (event.target === dialog.current) dialog.current?.close();
  };

  const onClosed = (): void => {
    if (!dialog.current?.open) onClose();
  };

  return (
    // Escape does for the keyboard what a click beside it does for the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog ref={dialog} className="modal" aria-labelledby={titleId} onClose={onClosed} onClick={onClick}>
      <div className="modal-body">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
