import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { ApiError } from './api/client.js';
import { App } from './app.js';
import { SecretProvider } from './ui/secret.js';
import { applyTheme } from './ui/theme.js';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/pages.css';
import './styles/webhooks.css';

/** Unused results are kept this long. */
const KEPT_MS = 60_000;
const RETRIES_MAX = 4;
const RETRY_MAX_MS = 8_000;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: KEPT_MS,
      refetchOnWindowFocus: false,
      // An overloaded or restarting service; the others stay as they are.
      retry: (count, error) =>
        error instanceof ApiError && (error.status === 0 || error.status >= 500) && count < RETRIES_MAX,
      retryDelay: (count) => Math.min(500 * 2 ** count, RETRY_MAX_MS),
    },
  },
});

applyTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Router base={new URL(document.baseURI).pathname.replace(/\/$/, '')}>
        <SecretProvider>
          <App />
        </SecretProvider>
      </Router>
    </QueryClientProvider>
  </StrictMode>,
);
