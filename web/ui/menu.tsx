import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import classes from './menu.module.css';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly isDangerous?: boolean;
  readonly isChecked?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  readonly label: string;
  /** A button with a word; without it there are three dots. */
  readonly button?: ReactNode;
  readonly icon?: IconName;
  readonly items: readonly MenuItem[];
  readonly side?: 'left' | 'right';
}

/** A button that opens a list of actions: arrows move, Enter chooses, Escape and a click elsewhere close. */
export function Menu({ label, button, icon, items, side = 'right' }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
    const closeOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };
  const shared = {
    ref: trigger,
    'aria-haspopup': 'menu' as const,
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? id : undefined,
    onClick: () => setOpen(!isOpen),
  };
  return (
    <div ref={root} className={classes['root']} onKeyDown={(event) => (isOpen ? moveFocus(event, close) : undefined)}>
      {button === undefined ? (
        <IconButton icon={icon ?? 'more'} label={label} {...shared} />
      ) : (
        <Button {...(icon === undefined ? {} : { icon })} aria-label={label} {...shared}>
          {button}
          <Icon name="chevronDown" size={12} />
        </Button>
      )}
      {isOpen && (
        <div id={id} role="menu" aria-label={label} className={classNames(classes['menu'], classes[side])}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role={item.isChecked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.isChecked}
              className={classNames(classes['item'], item.isDangerous && classes['danger'])}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              <span>{item.label}</span>
              {item.isChecked && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + items.length,
    Home: 0,
    End: items.length - 1,
  };
  const next = steps[event.key];
  if (event.key === 'Tab') return close();
  if (event.key === 'Escape') close();
  else if (next !== undefined) items[next % items.length]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
