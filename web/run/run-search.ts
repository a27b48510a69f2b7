import { useNavigate, useSearch } from '@tanstack/react-router';

/** What the address of a run says: everything that can be looked at has one. */
export interface RunSearch {
  /** Default: the graph. */
  readonly view?: string;
  /** Path of the selected task, with iteration numbers or without. */
  readonly task?: string;
  /** Of the task's panel. */
  readonly tab?: string;
  readonly attempt?: string;
  /** The group whose graph is shown, and which of its iterations. */
  readonly scope?: string;
  readonly iteration?: string;
  /** Place of a line in the log. */
  readonly at?: string;
  /** Filters of the table of tasks. */
  readonly state?: string;
  readonly q?: string;
}

/** The address, and how to change it. `replace`: "back" does not return to what was before. */
export function useRunSearch(): readonly [RunSearch, (change: RunSearch, options?: { readonly replace?: boolean }) => void] {
  const search: RunSearch = useSearch({ from: '/runs/$runId' });
  const navigate = useNavigate({ from: '/runs/$runId' });
  return [
    search,
    (change, { replace = false } = {}) =>
      void navigate({ search: (before: RunSearch) => ({ ...before, ...change }), replace, resetScroll: false }),
  ];
}

/** Another task is another panel: what was chosen in the last one does not apply, except for the tab. */
export const ofTask = (task: string | undefined): RunSearch => ({
  task,
  attempt: undefined,
  at: undefined,
});
