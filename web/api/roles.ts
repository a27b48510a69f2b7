import type { Access } from './operations.ts';
import { type OperationId, OPERATIONS } from './operations.ts';

export type Role = 'viewer' | 'editor' | 'admin';

const RANK: Readonly<Record<Role, number>> = { viewer: 1, editor: 2, admin: 3 };
const READING = new Set(['get', 'list', 'readArtifact']);
/** What only administrators may see and change. */
const ADMINISTRATION = new Set(['users', 'roleBindings', 'audit', 'workflows']);
/** What belongs to whoever is signed in. */
const PERSONAL = new Set(['session', 'tokens']);

/** The least role an operation takes; undefined: none. A test compares this with the server's rules. */
export function leastRole(id: OperationId): Role | undefined {
  const access: string = OPERATIONS[id].access;
  const [resource = '', verb = ''] = access.split(':');
  if (access === 'open' || PERSONAL.has(resource)) return undefined;
  if (ADMINISTRATION.has(resource)) return 'admin';
  return READING.has(verb) ? 'viewer' : 'editor';
}

/** Whether somebody with these roles may call an operation in a namespace. The server decides; this is for what is offered. */
export function mayCall(session: Access<'Session'>, id: OperationId, namespace: string): boolean {
  const least = leastRole(id);
  if (least === undefined) return true;
  return (session.roles ?? []).some(
    ({ namespace: granted = '', role }) => (granted === '*' || granted === namespace) && (RANK[role as Role] ?? 0) >= RANK[least],
  );
}
