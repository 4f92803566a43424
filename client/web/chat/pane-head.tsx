import type { ReactNode } from 'react';
import { DemoNote } from '../start/demo-note.tsx';

interface PaneHeadProps {
  /** Opens the list of chats on a phone. */
  readonly toggle: ReactNode;
  /** What the pane shows. */
  readonly children?: ReactNode;
  readonly menu?: ReactNode;
  /** In place of the menu for somebody whom the server tells nothing but what is shared; absent for its users. */
  readonly guestMenu?: ReactNode;
}

/** One line over every pane, always as high, so that nothing under it moves when something in it comes or goes. */
export function PaneHead({ toggle, children, menu, guestMenu }: PaneHeadProps) {
  return (
    <header className="about">
      {toggle}
      <div className="about-words">{children}</div>
      {guestMenu === undefined && <DemoNote />}
      {guestMenu ?? menu}
    </header>
  );
}
