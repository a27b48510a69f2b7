// Comes first: what it asks is answered while the rest is read.
import './first-requests.ts';
import './theme/tokens.css';
import './theme/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/api-error.ts';
import { queryClient } from './api/query.ts';
import { redirectHashRoute } from './hash-routes.ts';
import { router } from './router.tsx';

redirectHashRoute(location, history);

// Whoever has to log in is asked to, and comes back to where they wanted to go.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error') return;
  const { pathname, href } = router.state.location;
  if (event.action.error instanceof ApiError && event.action.error.status === 401 && pathname !== '/login') {
    void router.navigate({ to: '/login', search: { to: href } });
  }
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
