import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { placeBelow } from './place-below.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly isDangerous?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  /** The name of the button and of the menu. */
  readonly label: string;
  readonly items: readonly MenuItem[];
}

/**
 * A button that opens a menu: arrow keys, Home and End go through it, Escape and a click elsewhere close it. The
 * browser keeps it above everything and gives the focus back.
 */
export function Menu({ label, items }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  useLayoutEffect(() => {
    if (!isOpen || !menu.current || !button.current) return;
    placeBelow(menu.current, button.current);
    menu.current.querySelector('button')?.focus();
  }, [isOpen]);
  const select = (item: MenuItem): void => {
    menu.current?.hidePopover();
    item.onSelect();
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className="plain-button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={label}
        title={label}
      >
        <Icon name="dots" />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        className="menu"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={onMenuKey}
      >
        {isOpen &&
          items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={item.isDangerous ? 'dangerous' : undefined}
              onClick={() => select(item)}
            >
              <Icon name={item.icon} />
              {item.label}
            </button>
          ))}
      </div>
    </>
  );
}

function onMenuKey(event: KeyboardEvent<HTMLDivElement>): void {
  const entries = [...event.currentTarget.querySelectorAll('button')];
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const next = targetOf(event.key, at, entries.length);
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (next === null) return;
  event.preventDefault();
  entries.at(next % entries.length)?.focus();
}

function targetOf(key: string, at: number, count: number): number | null {
  if (key === 'ArrowDown') return at + 1;
  if (key === 'ArrowUp') return at <= 0 ? count - 1 : at - 1;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
