import { useQuery } from '@tanstack/react-query';
import { currentNamespace } from './namespace.ts';
import type { Access, OperationId } from './operations.ts';
import { ask } from './query.ts';
import { mayCall } from './roles.ts';

/** Who is asking; undefined until it is known. */
export function useSession(): Access<'Session'> | undefined {
  return useQuery({ ...ask('Session_Get'), staleTime: 60_000 }).data;
}

/** Whether an operation is offered: `const may = useMay(); may('RunService_CreateRun') && <Button …>`. */
export function useMay(): (id: OperationId) => boolean {
  const session = useSession();
  return (id) => session !== undefined && mayCall(session, id, currentNamespace());
}
