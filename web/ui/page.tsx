import { type ReactNode, useEffect } from 'react';
import { Link, type LinkProps } from '@tanstack/react-router';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import classes from './page.module.css';

interface PageProps {
  /** Of the browser's tab, and of the page unless `heading` is given. */
  readonly title: string;
  readonly heading?: ReactNode;
  /** Where the page belongs: a list above it. */
  readonly parent?: { readonly to: LinkProps['to']; readonly title: string };
  /** One line under the title. */
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  /** Tabs or filters: they stay while the content scrolls. */
  readonly bar?: ReactNode;
  /** `fill`: the content takes the height of the window and scrolls by itself. `narrow`: text and forms. */
  readonly layout?: 'flow' | 'fill' | 'narrow';
  readonly children: ReactNode;
}

/** A page: heading, actions, content. Sets the title of the tab. */
export function Page({ title, heading, parent, subtitle, actions, bar, layout = 'flow', children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · pipewright`;
  }, [title]);
  return (
    <main id="content" tabIndex={-1} className={classNames(classes['page'], classes[layout])}>
      <header className={classes['header']}>
        <div className={classes['titles']}>
          {parent && (
            <nav aria-label="Breadcrumb" className={classes['parent']}>
              <Link to={parent.to}>{parent.title}</Link>
              <Icon name="chevronRight" size={12} />
            </nav>
          )}
          <h1 className={classes['title']}>{heading ?? title}</h1>
          {subtitle && <div className={classes['subtitle']}>{subtitle}</div>}
        </div>
        {actions && <div className={classes['actions']}>{actions}</div>}
      </header>
      {bar && <div className={classes['bar']}>{bar}</div>}
      <div className={classes['content']}>{children}</div>
    </main>
  );
}
