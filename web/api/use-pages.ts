import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from './call.ts';
import type { Input, OperationId, Reply } from './operations.ts';

export interface Pages<Row> {
  readonly rows: readonly Row[];
  /** How many there are on the server; how many are loaded where it does not say. */
  readonly total: number;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

const PAGE_SIZE = 100;

/** A list of the API, page after page as it is scrolled. */
export function usePages<Id extends OperationId, Row>(
  id: Id,
  input: Input<Id>,
  rowsOf: (page: Reply<Id>) => readonly Row[],
): Pages<Row> {
  const pages = useInfiniteQuery({
    queryKey: [id, 'pages', input],
    initialPageParam: '',
    structuralSharing: false,
    refetchOnWindowFocus: false,
    queryFn: async ({ pageParam, signal }) => {
      const query = { page_size: PAGE_SIZE, ...input.query, page_token: pageParam };
      return await call(id, { ...input, query } as unknown as Input<Id>, signal);
    },
    getNextPageParam: (page: Reply<Id>) => (page as { readonly next_page_token?: string }).next_page_token || undefined,
  });
  return usePageRows(pages, rowsOf);
}

/** The pages that are there, as one list. */
export function usePageRows<Page extends object, Row>(
  pages: UseInfiniteQueryResult<InfiniteData<Page, unknown>>,
  rowsOf: (page: Page) => readonly Row[],
): Pages<Row> {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = pages;
  // The callers' functions are new each time, but always do the same.
  const rows = useMemo(() => data?.pages.flatMap(rowsOf) ?? [], [data]);
  const first = data?.pages[0] as { readonly total_size?: number } | undefined;
  return {
    rows,
    total: first?.total_size ?? rows.length,
    error,
    isPending,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    loadMore: () => void fetchNextPage(),
    retry: () => void refetch(),
  };
}
