import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { toUrl } from './api/client.js';
import { LiveProvider } from './api/live.js';
import { callerQuery, isUnauthenticated } from './api/queries.js';
import { getApiKey, onApiKeyChange } from './api/session.js';
import { TIME_ZONE } from './format/times.js';
import { IngestPage } from './pages/ingest.js';
import { KeyPrompt } from './pages/key-prompt.js';
import { LeaderboardPage } from './pages/leaderboard.js';
import { OverviewPage } from './pages/overview.js';
import { ErrorBoundary } from './ui/error-boundary.js';
import { Header } from './ui/header.js';
import { Empty, Skeleton } from './ui/parts.js';

/** Loaded on demand: the first one with the charts. */
const AgentPage = lazy(() => import('./pages/agent/agent-page.js'));
const KeysPage = lazy(() => import('./pages/keys/keys-page.js'));
const WebhooksPage = lazy(() => import('./pages/webhooks/webhooks-page.js'));

/** The shell, and the page of the URL. Asks for a key if the service requires one. */
export function App() {
  const client = useQueryClient();
  const apiKey = useSyncExternalStore(onApiKeyChange, getApiKey);
  // What another caller read is not shown.
  useEffect(
    () =>
      onApiKeyChange(() => {
        client.clear();
      }),
    [client],
  );
  const caller = useQuery(callerQuery());
  const [location] = useLocation();
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [location]);
  if (isUnauthenticated(caller)) return <KeyPrompt isInvalid={apiKey !== null} />;
  return (
    <LiveProvider key={apiKey ?? ''}>
      <button
        type="button"
        className="skip-link"
        onClick={() => {
          document.getElementById('main')?.focus();
        }}
      >
        Skip to content
      </button>
      <Header />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary key={location}>
          <Switch>
            <Route path="/" component={OverviewPage} />
            <Route path="/leaderboard" component={LeaderboardPage} />
            <Route path="/agents/:name">
              {({ name }) => (
                <Suspense fallback={<Skeleton lines={6} />}>
                  {/* The router leaves %2F as it is. */}
                  <AgentPage key={name} name={decodeURIComponent(name)} />
                </Suspense>
              )}
            </Route>
            <Route path="/ingest" component={IngestPage} />
            <Route path="/webhooks">
              <Suspense fallback={<Skeleton lines={6} />}>
                <WebhooksPage />
              </Suspense>
            </Route>
            <Route path="/keys">
              <Suspense fallback={<Skeleton lines={6} />}>
                <KeysPage />
              </Suspense>
            </Route>
            <Route>
              <Empty isPage title="This page does not exist" />
            </Route>
          </Switch>
        </ErrorBoundary>
      </main>
      <footer className="footer">
        <span>Times in {TIME_ZONE}</span>
        <a href={toUrl('docs')}>API documentation</a>
      </footer>
    </LiveProvider>
  );
}
