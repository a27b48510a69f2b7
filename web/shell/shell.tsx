import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useLiveRuns } from '../api/live-runs.ts';
import { useHotkeys } from '../base/use-hotkeys.ts';
import { IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Toasts } from '../ui/toast.tsx';
import { CommandPalette } from './command-palette.tsx';
import { GO_KEYS } from './places.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { Sidebar } from './sidebar.tsx';
import classes from './shell.module.css';

/** What surrounds every page: navigation, search over everything, keys, messages. */
export function Shell() {
  const [overlay, setOverlay] = useState<'none' | 'search' | 'shortcuts'>('none');
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const navigate = useNavigate();
  useLiveRuns(path !== '/login');
  const openSearch = () => setOverlay('search');
  useEffect(() => setMenuOpen(false), [path]);
  useHotkeys({
    'mod+k': openSearch,
    '?': () => setOverlay('shortcuts'),
    ...Object.fromEntries(GO_KEYS.map(({ keys, to }) => [keys, () => void navigate({ to })])),
  });
  // Whoever is not let in yet has nowhere to go.
  if (path === '/login') return <Outlet />;
  return (
    <div className={classes['shell']}>
      <a href="#content" className={classes['skip']}>
        Skip to the content
      </a>
      <div className={classes['topbar']}>
        <IconButton icon="menu" label="Menu" aria-expanded={isMenuOpen} onClick={() => setMenuOpen(!isMenuOpen)} />
        <span className={classes['wordmark']}>pipewright</span>
        <IconButton icon="search" label="Search" onClick={openSearch} />
      </div>
      <div className={classNames(classes['sidebar'], isMenuOpen && classes['isOpen'])}>
        <Sidebar onSearch={openSearch} />
      </div>
      {isMenuOpen && <div className={classes['scrim']} onClick={() => setMenuOpen(false)} />}
      <div className={classes['main']}>
        <Outlet />
      </div>
      <Toasts />
      {overlay === 'search' && <CommandPalette onClose={() => setOverlay('none')} />}
      {overlay === 'shortcuts' && <ShortcutsDialog onClose={() => setOverlay('none')} />}
    </div>
  );
}
