import { Icon } from '../../ui/icon.tsx';
import classes from './filter-chip.module.css';

/** A filter that came with a link, and a way to drop it. */
export function FilterChip({
  label,
  value,
  onRemove,
}: {
  readonly label: string;
  readonly value: string;
  readonly onRemove: () => void;
}) {
  return (
    <button type="button" className={classes['chip']} onClick={onRemove} aria-label={`Remove the filter ${label} ${value}`}>
      <span>{label}</span>
      {value && <strong>{value}</strong>}
      <Icon name="close" size={12} />
    </button>
  );
}
