import { useEffect, useRef, useState } from 'react';
import { useHotkeys } from '../base/use-hotkeys.ts';
import { TextInput } from './field.tsx';
import classes from './search-field.module.css';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  /** Told when typing pauses. */
  readonly onChange: (text: string) => void;
}

const PAUSE_MS = 200;

/** Narrows a list by typing; `/` goes there, Escape empties it. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    // Changed from outside: by "back", or by a link.
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  useHotkeys({ '/': () => input.current?.focus() });
  return (
    <div className={classes['field']} role="search">
      <TextInput
        ref={input}
        type="search"
        icon="search"
        aria-label={label}
        placeholder="Filter by name"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') input.current?.blur();
          else setText('');
        }}
      />
    </div>
  );
}
