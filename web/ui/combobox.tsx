import { useId, useRef, useState } from 'react';
import type { ControlProps, Option } from './field.tsx';
import { Icon } from './icon.tsx';
import classes from './combobox.module.css';

interface ComboboxProps {
  readonly control: ControlProps;
  /** What is chosen, in words. */
  readonly text: string;
  readonly placeholder: string;
  /** Those that fit what was typed. */
  readonly options: readonly Option[];
  /** Told what is typed, so that the options can be found. */
  readonly onQuery: (text: string) => void;
  readonly onSelect: (value: string) => void;
}

/** Chooses one of many by typing a part of its name: arrows move, Enter chooses, Escape leaves it as it was. */
export function Combobox({ control, text, placeholder, options, onQuery, onSelect }: ComboboxProps) {
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>();
  const [at, setAt] = useState(0);
  const isOpen = typed !== undefined;
  const open = () => {
    setTyped('');
    setAt(0);
    onQuery('');
  };
  const choose = (option: Option | undefined) => {
    setTyped(undefined);
    if (option) onSelect(option.value);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown') {
      if (!isOpen) open();
      else setAt(Math.min(at + 1, options.length - 1));
    } else if (event.key === 'ArrowUp' && isOpen) setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && isOpen) choose(options[at]);
    else if (event.key === 'Escape' && isOpen) setTyped(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes['root']}>
      <input
        {...control}
        ref={input}
        type="text"
        role="combobox"
        className={classes['input']}
        autoComplete="off"
        spellCheck={false}
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen && options[at] ? `${listId}-${at}` : undefined}
        placeholder={isOpen && text ? text : placeholder}
        value={typed ?? text}
        onClick={() => !isOpen && open()}
        onBlur={() => setTyped(undefined)}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
          onQuery(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <Icon name="chevronDown" size={12} />
      <ul id={listId} role="listbox" aria-label="Choices" className={classes['list']} hidden={!isOpen}>
        {options.map((option, index) => (
          <li
            key={option.value}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={classes['option']}
            // Before the field loses the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              choose(option);
            }}
            onMouseMove={() => setAt(index)}
          >
            {option.label}
          </li>
        ))}
        {options.length === 0 && (
          <li role="option" aria-selected="false" aria-disabled="true" className={classes['nothing']}>
            Nothing is called that.
          </li>
        )}
      </ul>
    </div>
  );
}
