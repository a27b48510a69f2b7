import { QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { call } from './call.ts';
import type { Input, OperationId } from './operations.ts';

const MAX_RETRIES = 3;

/** What was asked is kept for a while; lists that live events keep current need not be asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refuses it refuses again; only a server that does not answer is worth another try.
      retry: (failures, error) =>
        failures < MAX_RETRIES && error instanceof ApiError && (error.status === 0 || error.status === 503),
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
    },
  },
});

/** An operation as a query: `useQuery(ask('Run_Get', { params: { run_id } }))`. Its key starts with the operation's id. */
export function ask<Id extends OperationId>(id: Id, input: Input<Id> = {}) {
  return queryOptions({
    queryKey: [id, input] as const,
    queryFn: async ({ signal }) => await call(id, input, signal),
  });
}

/** Lists with more pages than these are not asked for again as a whole. */
const MAX_PAGES_AGAIN = 5;

/** Whether asking again takes a few requests at most. */
export function isShort({ state: { data } }: { readonly state: { readonly data: unknown } }): boolean {
  const { pages } = (data ?? {}) as { readonly pages?: readonly unknown[] };
  return (pages?.length ?? 0) <= MAX_PAGES_AGAIN;
}

/** Has everything that these operations answered asked again. */
export async function refresh(...ids: readonly OperationId[]): Promise<void> {
  await Promise.all(ids.map(async (id) => await queryClient.invalidateQueries({ queryKey: [id], predicate: isShort })));
}

/** Cuts long lists to their beginning and has it asked again: after something was missed. */
export async function refreshFromStart(id: OperationId): Promise<void> {
  queryClient.setQueriesData<{ readonly pages: readonly unknown[]; readonly pageParams: readonly unknown[] }>(
    { queryKey: [id] },
    (data) => (data?.pages ? { ...data, pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data),
  );
  await refresh(id);
}
