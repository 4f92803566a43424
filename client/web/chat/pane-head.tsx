import type { ReactNode } from 'react';
import { DemoNote } from '../start/demo-note.tsx';

interface PaneHeadProps {
  /** Opens the list of chats on a phone. */
  readonly toggle: ReactNode;
  /** What the pane shows. */
  readonly children?: ReactNode;
  readonly menu?: ReactNode;
}

/** One line over every pane, always as high, so that nothing under it moves when something in it comes or goes. */
export function PaneHead({ toggle, children, menu }: PaneHeadProps) {
  return (
    <header className="about">
      {toggle}
      <div className="about-words">{children}</div>
      <DemoNote />
      {menu}
    </header>
  );
}
