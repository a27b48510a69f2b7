import { useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { tellDone, tellError } from '../../ui/toast.tsx';

interface DeleteButtonProps {
  /** `the token ci`. */
  readonly what: string;
  readonly consequence: string;
  readonly remove: () => Promise<void>;
}

/** Deletes something after asking. */
export function DeleteButton({ what, consequence, remove }: DeleteButtonProps) {
  const [isAsked, setAsked] = useState(false);
  const act = async () => {
    await remove();
    tellDone(`Deleted: ${what}`);
  };
  return (
    <>
      <IconButton icon="trash" label={`Delete ${what}`} onClick={() => setAsked(true)} />
      {isAsked && (
        <Confirm
          title={`Delete ${what}?`}
          action="Delete"
          isDangerous
          onConfirm={() => void act().catch((error: unknown) => tellError(`${what} was not deleted`, error))}
          onClose={() => setAsked(false)}
        >
          {consequence}
        </Confirm>
      )}
    </>
  );
}
