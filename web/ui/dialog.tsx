import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button, IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import classes from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the end; the last is the one that does it. */
  readonly actions?: ReactNode;
  readonly width?: 'normal' | 'wide';
}

/** A modal dialog, open as long as it is drawn. Escape and a click beside it close it; the browser keeps the focus inside. */
export function Dialog({ title, onClose, children, actions, width = 'normal' }: DialogProps) {
  const ref = useModal();
  const titleId = useId();
  return (
    <dialog
      ref={ref}
      className={classNames(classes['dialog'], width === 'wide' && classes['wide'])}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={classes['frame']}>
        <header className={classes['header']}>
          <h2 id={titleId}>{title}</h2>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
        <div className={classes['body']}>{children}</div>
        {actions && <footer className={classes['footer']}>{actions}</footer>}
      </div>
    </dialog>
  );
}

/** Opens a dialog when it is drawn; gives the focus back afterwards. */
export function useModal() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    if (!dialog?.open) dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return ref;
}

interface ConfirmProps {
  readonly title: string;
  /** What will happen and what will not. */
  readonly children: ReactNode;
  /** The verb: `Delete 3 runs`. */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function Confirm({ title, children, action, isDangerous = false, onConfirm, onClose }: ConfirmProps) {
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        autoFocus
        kind={isDangerous ? 'danger' : 'primary'}
        onClick={() => {
          onConfirm();
          onClose();
        }}
      >
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} actions={actions}>
      <div className="muted">{children}</div>
    </Dialog>
  );
}
