import type { ReactNode } from 'react';
import { formatCount } from '../base/format.ts';
import { ListBody, type ListBodyProps } from './list-body.tsx';
import { Page } from './page.tsx';
import { SearchField } from './search-field.tsx';
import classes from './list-page.module.css';

interface ListPageProps<Row> extends Omit<ListBodyProps<Row>, 'label'> {
  readonly title: string;
  readonly actions?: ReactNode;
  /** The text names are searched for, and what is told when it changes. */
  readonly search: string;
  readonly onSearch: (text: string) => void;
  /** Beside the search field. */
  readonly filters?: ReactNode;
  /** Dialogs over the page. */
  readonly children?: ReactNode;
}

/** A page that is one list: a field to search it by name, filters, how many there are, and the rows. */
export function ListPage<Row>({ title, actions, search, onSearch, filters, children, list, ...body }: ListPageProps<Row>) {
  const bar = (
    <>
      <SearchField label={`Filter ${title.toLowerCase()} by name`} value={search} onChange={onSearch} />
      {filters}
      <span className={classes['end']}>
        <span className={classes['count']}>{formatCount(list.total)}</span>
      </span>
    </>
  );
  return (
    <Page title={title} layout="fill" actions={actions} bar={bar}>
      <ListBody label={title} list={list} {...body} />
      {children}
    </Page>
  );
}
