import { Link } from '@tanstack/react-router';
import { isMac } from '../base/platform.ts';
import { Kbd } from '../ui/badge.tsx';
import { Icon } from '../ui/icon.tsx';
import { Account } from './account.tsx';
import { PLACES } from './places.ts';
import { ThemeMenu } from './theme-menu.tsx';
import classes from './sidebar.module.css';

/** Where one can go. */
export function Sidebar({ onSearch }: { readonly onSearch: () => void }) {
  return (
    <nav aria-label="Main" className={classes['sidebar']}>
      <Link to="/" className={classes['brand']} aria-label="pipewright, home">
        <img src="/favicon.svg" alt="" width={20} height={20} />
        <span>pipewright</span>
      </Link>
      <button type="button" className={classes['search']} onClick={onSearch}>
        <Icon name="search" />
        <span>Search</span>
        <Kbd>{isMac ? '⌘K' : 'Ctrl K'}</Kbd>
      </button>
      <ul className={classes['places']}>
        {PLACES.map(({ to, title, icon }) => (
          <li key={to}>
            <Link to={to} className={classes['place']} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <Icon name={icon} />
              {title}
            </Link>
          </li>
        ))}
      </ul>
      <Account />
      <div className={classes['foot']}>
        <Link to="/settings" className={classes['place']} activeOptions={{ includeSearch: false }}>
          <Icon name="settings" />
          Settings
        </Link>
        <ThemeMenu />
      </div>
    </nav>
  );
}
