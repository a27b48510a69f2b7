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

/** Has everything that these operations answered asked again. */
export async function refresh(...ids: readonly OperationId[]): Promise<void> {
  await Promise.all(ids.map(async (id) => await queryClient.invalidateQueries({ queryKey: [id] })));
}
