import type { Role } from '../store/access-store.ts';

/** The least a caller has to be: `user` is whoever is signed in, with or without a role. */
export type LeastRole = 'user' | Role;

type Verbs = Partial<Readonly<Record<LeastRole, readonly string[]>>>;

/**
 * What each role may do that the one before it may not: KFP's resources and verbs, and ours. Source of KFP's:
 * backend/src/apiserver/common/const.go. A verb that is not here is refused to everyone, and a test finds it.
 */
export const ACCESS_RULES = {
  pipelines: { viewer: ['get', 'list'], editor: ['create', 'update', 'delete'] },
  experiments: { viewer: ['get', 'list'], editor: ['create', 'update', 'delete', 'archive', 'unarchive'] },
  runs: {
    viewer: ['get', 'list', 'readArtifact'],
    editor: ['create', 'update', 'delete', 'archive', 'unarchive', 'terminate', 'retry', 'reportMetrics'],
  },
  jobs: { viewer: ['get', 'list'], editor: ['create', 'update', 'delete', 'enable', 'disable'] },
  viewers: { viewer: ['get'], editor: ['create', 'delete'] },
  visualizations: { editor: ['create'] },
  // For agents of the platform itself: what they report becomes the state of a run.
  workflows: { admin: ['report'] },
  session: { user: ['update'] },
  tokens: { user: ['list', 'create', 'delete'] },
  users: { admin: ['get', 'list', 'create', 'update', 'delete'] },
  roleBindings: { admin: ['list', 'create', 'delete'] },
  audit: { admin: ['list'] },
} as const satisfies Readonly<Record<string, Verbs>>;

/** What belongs to no namespace: only a role in all namespaces counts. */
const IN_ALL_NAMESPACES: ReadonlySet<string> = new Set(['users', 'audit']);

export interface AccessRule {
  readonly leastRole: LeastRole;
  readonly inAllNamespaces: boolean;
}

/** The rule of an access (`runs:list`), or undefined if there is none. */
export function accessRule(access: string): AccessRule | undefined {
  const [resource = '', verb = ''] = access.split(':');
  if (!Object.hasOwn(ACCESS_RULES, resource)) return undefined;
  const verbs: Verbs = ACCESS_RULES[resource as keyof typeof ACCESS_RULES];
  const found = Object.entries(verbs).find(([, names]) => names.includes(verb));
  return found && { leastRole: found[0] as LeastRole, inAllNamespaces: IN_ALL_NAMESPACES.has(resource) };
}
