import { useState } from 'react';
import { Button, IconButton } from './button.tsx';

const SHOWN_MS = 1_500;

/** Copies a text; says so for a moment. `children`: a word instead of the icon alone. */
export function CopyButton({
  text,
  label = 'Copy',
  children,
}: {
  readonly text: string;
  readonly label?: string;
  readonly children?: string;
}) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    });
  };
  const icon = isCopied ? 'check' : 'copy';
  if (children === undefined) return <IconButton icon={icon} label={isCopied ? 'Copied' : label} onClick={copy} />;
  return (
    <Button icon={icon} onClick={copy}>
      {isCopied ? 'Copied' : children}
    </Button>
  );
}
