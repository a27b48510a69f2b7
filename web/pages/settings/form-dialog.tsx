import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorMessage } from '../../ui/feedback.tsx';
import classes from './settings-page.module.css';

interface FormDialogProps {
  readonly title: string;
  /** The verb of the button. */
  readonly action: string;
  readonly isReady: boolean;
  /** The dialog closes when it succeeds, and shows why it does not. */
  readonly save: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A few fields and a button that saves them. */
export function FormDialog({ title, action, isReady, save, onClose, children }: FormDialogProps) {
  const formId = useId();
  const saving = useMutation({ mutationFn: save, onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={formId} kind="primary" disabled={!isReady || saving.isPending}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} actions={actions}>
      <form id={formId} onSubmit={submit} className={classes['form']}>
        {children}
        {saving.error && <ErrorMessage error={saving.error} />}
      </form>
    </Dialog>
  );
}
