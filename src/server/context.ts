import type { App } from '../app/app.ts';
import { DEFAULT_NAMESPACE } from '../app/app.ts';
import type { Caller } from './auth/caller.ts';
import type { CanceledAs } from '../app/reported-state.ts';
import type { Predicate } from '../store/catalogue-store.ts';

/** What handlers of all dialects are given besides the call. */
export interface Context {
  readonly app: App;
  readonly canceledAs: CanceledAs;
  readonly namespaces: Namespaces;
  readonly caller: Caller;
}

/** Namespaces exist once there is a login; until then a client may name any, and replies name none. */
export interface Namespaces {
  /** Where the thing that is made belongs. */
  readonly of: (given: string | undefined) => string;
  /** What a reply says. */
  readonly shown: (namespace: string) => string;
  /** What a list is limited to. */
  readonly within: (given: string | undefined) => readonly Predicate[];
  /** The same for runs, whose default namespace has a name. */
  readonly withinRuns: (given: string | undefined) => readonly Predicate[];
}

export const SINGLE_USER: Namespaces = {
  of: () => DEFAULT_NAMESPACE,
  shown: () => '',
  within: () => [],
  withinRuns: () => [],
};

/** How the engine calls the namespace of those who name none. */
export const ENGINE_DEFAULT = 'default';

export const MULTI_USER: Namespaces = {
  of: (given = DEFAULT_NAMESPACE) => given,
  shown: (namespace) => (namespace === ENGINE_DEFAULT ? '' : namespace),
  within: (given = DEFAULT_NAMESPACE) => [{ field: 'namespace', operation: 'eq', values: [given] }],
  withinRuns: (given = DEFAULT_NAMESPACE) => [{ field: 'namespace', operation: 'eq', values: [given || ENGINE_DEFAULT] }],
};
