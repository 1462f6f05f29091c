import { Link, useRoute } from 'wouter';
import { toUrl } from '../api/client.js';
import type { FeedState } from '../api/feed.js';
import { useLive } from '../api/live.js';
import { getApiKey, setApiKey } from '../api/session.js';
import { useTheme } from './theme.js';

const PAGES = [
  ['/', 'Overview'],
  ['/leaderboard', 'Leaderboard'],
  ['/ingest', 'Ingest'],
  ['/webhooks', 'Webhooks'],
  ['/keys', 'Keys'],
] as const;

const STATES: Record<FeedState, readonly [string, string]> = {
  connecting: ['Connecting', 'The feed of events is being connected.'],
  live: ['Live', 'Changes are shown as they are recorded.'],
  reconnecting: ['Reconnecting', 'The connection was lost. The page may be out of date.'],
  absent: ['Every 10 s', 'The feed of events is not available. The page is updated every 10 seconds.'],
};

function NavLink({ href, children }: { href: string; children: string }) {
  const [isCurrent] = useRoute(href);
  return (
    <Link href={href} aria-current={isCurrent ? 'page' : undefined}>
      {children}
    </Link>
  );
}

export function Header() {
  const { state } = useLive();
  const [theme, nextTheme] = useTheme();
  const [name, description] = STATES[state];
  return (
    <header className="header">
      <Link href="/" className="brand" aria-label="LVL_UP, overview">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M7 22h5v-5h5v-5h5V7h4" />
        </svg>
        <span>LVL_UP</span>
      </Link>
      <nav aria-label="Pages">
        {PAGES.map(([href, label]) => (
          <NavLink key={href} href={href}>
            {label}
          </NavLink>
        ))}
        <a className="nav-api" href={toUrl('docs')}>
          API
        </a>
      </nav>
      <div className="header-tools">
        <span className={`live live-${state}`} role="status" title={description}>
          {name}
        </span>
        {getApiKey() !== null && (
          <button
            type="button"
            className="button button-quiet"
            onClick={() => {
              setApiKey(null);
            }}
          >
            Forget key
          </button>
        )}
        <button
          type="button"
          className="button button-quiet theme"
          onClick={nextTheme}
          aria-label={`Theme: ${theme}. Change`}
        >
          <span aria-hidden="true">{{ auto: '◐', light: '☀', dark: '☾' }[theme]}</span>
        </button>
      </div>
    </header>
  );
}
