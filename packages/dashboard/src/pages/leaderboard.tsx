import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { leaderboardQuery } from '../api/queries.js';
import type { LeaderboardEntry } from '../api/types.js';
import { formatDecimal, formatInteger, formatPercent } from '../format/numbers.js';
import { formatShortTime } from '../format/times.js';
import { Code, Empty, ErrorNote, Segmented, Skeleton } from '../ui/parts.js';
import { useParam } from '../ui/use-param.js';
import { useTitle } from '../ui/use-title.js';

const PERIODS = [
  ['all', 'All time'],
  ['month', '30 days'],
  ['week', '7 days'],
  ['day', '24 hours'],
] as const;
type Period = (typeof PERIODS)[number][0];
const PAGE = 50;
const NEIGHBOURS = 11;

export function LeaderboardPage() {
  useTitle('Leaderboard');
  const [period, setPeriod] = useParam('period', 'all');
  const [around, setAround] = useParam('around');
  const [cursor, setCursor] = useParam('cursor');
  const [inactive, setInactive] = useParam('inactive');
  const query = {
    period,
    include_inactive: inactive === '' ? undefined : true,
    ...(around === '' ? { limit: PAGE, cursor } : { around, limit: NEIGHBOURS }),
  };
  const { data, error, isPending, refetch } = useQuery(leaderboardQuery(query));
  const reset = (set: () => void): void => {
    setCursor('');
    set();
  };
  return (
    <>
      <div className="page-head">
        <h1>Leaderboard</h1>
        {data?.from != null && data.to !== null && (
          <p className="muted">
            {formatShortTime(data.from)} – {formatShortTime(data.to)}
          </p>
        )}
      </div>
      <div className="toolbar">
        <Segmented
          label="Period"
          value={period as Period}
          options={PERIODS}
          onChange={(value) => {
            reset(() => {
              setPeriod(value);
            });
          }}
        />
        <label className="inline-field">
          <input
            type="checkbox"
            checked={inactive !== ''}
            onChange={({ target }) => {
              reset(() => {
                setInactive(target.checked ? '1' : '');
              });
            }}
          />
          <span>Include inactive</span>
        </label>
        {around !== '' && (
          <button
            type="button"
            className="button"
            onClick={() => {
              setAround('');
            }}
          >
            Neighbours of {around} ✕
          </button>
        )}
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={8} />}
      {data?.leaderboard.length === 0 && <NoEntries period={period} />}
      {data && data.leaderboard.length > 0 && (
        <Table
          entries={data.leaderboard}
          isPeriod={period !== 'all'}
          around={around}
          onAround={(name) => {
            reset(() => {
              setAround(name);
            });
          }}
        />
      )}
      <div className="pager">
        {cursor !== '' && (
          <button
            type="button"
            className="button"
            onClick={() => {
              setCursor('');
            }}
          >
            First page
          </button>
        )}
        {data?.next_cursor != null && (
          <button
            type="button"
            className="button"
            onClick={() => {
              setCursor(data.next_cursor ?? '');
            }}
          >
            Next page
          </button>
        )}
      </div>
    </>
  );
}

interface TableProps {
  entries: readonly LeaderboardEntry[];
  isPeriod: boolean;
  around: string;
  onAround: (name: string) => void;
}

function Table({ entries, isPeriod, around, onAround }: TableProps) {
  const most = Math.max(1, ...entries.map((entry) => (isPeriod ? earnedXp(entry) : entry.learning_score)));
  return (
    <div className="table-scroll panel" tabIndex={0} role="region" aria-label="Ranks">
      <table>
        <thead>
          <tr>
            <th className="number">Rank</th>
            <th>Agent</th>
            {isPeriod ? (
              <>
                <th className="number">XP earned</th>
                <th className="number">Tests passed</th>
              </>
            ) : (
              <>
                <th className="number">Learning score</th>
                <th className="number">Custody XP</th>
                <th className="number">Win rate</th>
              </>
            )}
            <th className="number">Level</th>
            <th className="number">Pass rate</th>
            <th>
              <span className="visually-hidden">Neighbours</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.agent_type} className={entry.agent_type === around ? 'row-marked' : undefined}>
              <td className="number">
                <span className={`rank rank-${Math.min(entry.rank, 4)}`}>{formatInteger(entry.rank)}</span>
              </td>
              <th scope="row">
                <Link href={`/agents/${encodeURIComponent(entry.agent_type)}`}>{entry.agent_type}</Link>
              </th>
              {isPeriod ? <Earned entry={entry} most={most} /> : <AllTime entry={entry} most={most} />}
              <td className="number">{formatInteger(entry.level)}</td>
              <td className="number">{entry.total_tests === 0 ? '–' : formatPercent(entry.pass_rate)}</td>
              <td className="quiet-cell">
                <button
                  type="button"
                  className="button button-quiet"
                  aria-label={`Neighbours of ${entry.agent_type}`}
                  onClick={() => {
                    onAround(entry.agent_type);
                  }}
                >
                  Neighbours
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A bar relative to the first of the page. */
function XpBar({ ratio }: { ratio: number }) {
  return (
    <svg className="xp-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="rate-track" width="100" height="6" />
      <rect className="rate-value" width={Math.min(1, Math.max(0, ratio)) * 100} height="6" />
    </svg>
  );
}

const earnedXp = ({ earned }: LeaderboardEntry): number => (earned?.xp ?? 0) + (earned?.custody_xp ?? 0);

function Earned({ entry, most }: { entry: LeaderboardEntry; most: number }) {
  const { earned } = entry;
  return (
    <>
      <td className="number">
        {formatInteger(earnedXp(entry))}
        <XpBar ratio={earnedXp(entry) / most} />
      </td>
      <td className="number">
        {formatInteger(earned?.passed ?? 0)} <span className="muted">of {formatInteger(earned?.tests ?? 0)}</span>
      </td>
    </>
  );
}

function AllTime({ entry, most }: { entry: LeaderboardEntry; most: number }) {
  return (
    <>
      <td className="number">
        {formatDecimal(entry.learning_score)}
        <XpBar ratio={entry.learning_score / most} />
      </td>
      <td className="number">{formatInteger(entry.custody_xp)}</td>
      <td className="number">{formatPercent(entry.win_rate)}</td>
    </>
  );
}

function NoEntries({ period }: { period: string }) {
  if (period !== 'all') return <Empty title="Nothing earned in this period">{<p>Choose a longer period.</p>}</Empty>;
  return (
    <Empty title="No active agent">
      <p>Record a result:</p>
      <Code>{`curl -X POST ${new URL('api/agent-metrics/scout/custody-test', document.baseURI).href} -H 'content-type: application/json' -d '{"passed": true, "score": 95, "duration": 12}'`}</Code>
    </Empty>
  );
}
