import { isMac } from '../base/platform.ts';
import { Kbd } from '../ui/badge.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { GO_KEYS } from './places.ts';
import classes from './shortcuts-dialog.module.css';

const GENERAL: readonly (readonly [keys: string, meaning: string])[] = [
  [isMac ? '⌘ K' : 'Ctrl K', 'Search over everything'],
  ['/', 'Filter the list'],
  ['j', 'Next row'],
  ['k', 'Previous row'],
  ['Enter', 'Open the row'],
  ['x', 'Select the row'],
  ['n', 'New, where something can be made'],
  ['?', 'This list'],
];

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const all = [...GENERAL, ...GO_KEYS.map(({ keys, title }) => [keys, `Go to ${title}`] as const)];
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className={classes['keys']}>
        {all.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
