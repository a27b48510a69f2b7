import type { Option } from './field.tsx';
import classes from './segments.module.css';

interface SegmentsProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

/** One of a few choices, all of them in view. */
export function Segments({ label, value, options, onChange }: SegmentsProps) {
  return (
    <div role="group" aria-label={label} className={classes['segments']}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          className={classes['segment']}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
