import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { RUN_FILTERS } from './api/run-list-input.ts';
import { HomePage } from './pages/home/home-page.tsx';
import { RouteError, RouteNotFound } from './pages/route-error.tsx';
import { RunsPage } from './pages/runs/runs-page.tsx';
import { prefetchRun } from './run/prefetch-run.ts';
import { keep, parseSearch, stringifySearch } from './search-params.ts';
import { Shell } from './shell/shell.tsx';

/** Every page with its address. Home and runs come at once, the others when they are first opened. */
const root = createRootRoute({ component: Shell });

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    component: RunsPage,
    validateSearch: keep(...RUN_FILTERS),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$runId',
    component: lazyRouteComponent(() => import('./run/run-page.tsx'), 'RunPage'),
    validateSearch: keep('view', 'task', 'tab', 'attempt', 'scope', 'iteration', 'at', 'state', 'q'),
    loader: ({ params }) => prefetchRun(params.runId),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/compare',
    component: lazyRouteComponent(() => import('./compare/compare-page.tsx'), 'ComparePage'),
    validateSearch: keep('runs', 'view', 'all', 'task'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/artifacts/$artifactId',
    component: lazyRouteComponent(() => import('./artifact/artifact-page.tsx'), 'ArtifactPage'),
    validateSearch: keep('view', 'path'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/new',
    component: lazyRouteComponent(() => import('./pages/new-run/new-run-page.tsx'), 'NewRunPage'),
    validateSearch: keep('pipeline', 'version', 'clone', 'experiment', 'recurring', 'name'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pipelines',
    component: lazyRouteComponent(() => import('./pages/pipelines/pipelines-page.tsx'), 'PipelinesPage'),
    validateSearch: keep('q', 'sort'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pipelines/new',
    component: lazyRouteComponent(() => import('./pages/pipelines/upload-page.tsx'), 'UploadPage'),
    validateSearch: keep('pipeline'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pipelines/$pipelineId',
    component: lazyRouteComponent(() => import('./pages/pipeline/pipeline-page.tsx'), 'PipelinePage'),
    validateSearch: keep('version', 'view', 'with', 'task', 'scope'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/experiments',
    component: lazyRouteComponent(() => import('./pages/experiments/experiments-page.tsx'), 'ExperimentsPage'),
    validateSearch: keep('q', 'archived', 'sort', 'new'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/experiments/$experimentId',
    component: lazyRouteComponent(() => import('./pages/experiments/experiment-page.tsx'), 'ExperimentPage'),
    validateSearch: keep('q', 'state', 'archived', 'sort', 'until'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/recurring',
    component: lazyRouteComponent(() => import('./pages/recurring/recurring-runs-page.tsx'), 'RecurringRunsPage'),
    validateSearch: keep('q', 'experiment'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/recurring/new',
    component: lazyRouteComponent(() => import('./pages/recurring/new-recurring-run-page.tsx'), 'NewRecurringRunPage'),
    validateSearch: keep('pipeline', 'version', 'experiment', 'clone', 'edit'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/recurring/$recurringRunId',
    component: lazyRouteComponent(() => import('./pages/recurring/recurring-run-page.tsx'), 'RecurringRunPage'),
    validateSearch: keep('q', 'state', 'archived', 'sort', 'until'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/artifacts',
    component: lazyRouteComponent(() => import('./pages/artifacts/artifacts-page.tsx'), 'ArtifactsPage'),
    validateSearch: keep('q', 'type'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
    validateSearch: keep('section'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/login',
    component: lazyRouteComponent(() => import('./pages/login/login-page.tsx'), 'LoginPage'),
    validateSearch: keep('to'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...routes]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: RouteNotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
