import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { standingsQuery, summaryQuery } from '../api/queries.js';
import type { Standing } from '../api/types.js';
import { formatInteger, formatPercent } from '../format/numbers.js';
import { Code, Empty, ErrorNote, Segmented, Skeleton } from '../ui/parts.js';
import { useParam } from '../ui/use-param.js';
import { useTitle } from '../ui/use-title.js';
import { Activity } from './activity.js';
import { AgentCard } from './agent-card.js';

/** Number of standings that are read. */
const READ = 1_000;
/** Number of cards that are added at a time. */
const STEP = 24;

const FILTERS = [
  ['', 'All'],
  ['closed', 'Gate closed'],
  ['due', 'Test due'],
  ['inactive', 'Inactive'],
] as const;
type Filter = (typeof FILTERS)[number][0];

const CONDITIONS: Record<Filter, (standing: Standing) => boolean> = {
  '': () => true,
  closed: ({ is_active, may_propose, may_level_up }) => is_active && !(may_propose && may_level_up),
  due: ({ is_active, is_due, is_overdue }) => is_active && (is_due || is_overdue),
  inactive: ({ is_active }) => !is_active,
};

const SORTS = {
  xp: ['Custody XP', (a: Standing, b: Standing) => b.custody_xp - a.custody_xp],
  name: ['Name', (a: Standing, b: Standing) => a.agent_type.localeCompare(b.agent_type)],
  pass_rate: ['Pass rate', (a: Standing, b: Standing) => b.pass_rate - a.pass_rate],
  recent: ['Newest test', (a: Standing, b: Standing) => (b.last_test_date ?? '').localeCompare(a.last_test_date ?? '')],
} as const;

const isFilter = (name: string): name is Filter => name in CONDITIONS;
const isSort = (name: string): name is keyof typeof SORTS => name in SORTS;

/** One card an agent. */
export function OverviewPage() {
  useTitle('Overview');
  const standings = useQuery(standingsQuery(READ));
  const [search, setSearch] = useParam('q');
  const [filter, setFilter] = useParam('show');
  const [sort, setSort] = useParam('sort', 'xp');
  const [shown, setShown] = useState(STEP);
  const [, compare] = SORTS[isSort(sort) ? sort : 'xp'];
  const all = standings.data?.agents ?? [];
  const agents = all
    .filter(CONDITIONS[isFilter(filter) ? filter : ''])
    .filter(({ agent_type }) => agent_type.toLowerCase().includes(search.toLowerCase()))
    .sort(compare);
  return (
    <>
      <div className="page-head">
        <h1>Agents</h1>
        <Totals />
      </div>
      <div className="toolbar">
        <input
          type="search"
          aria-label="Search agents"
          placeholder="Search agents"
          value={search}
          onChange={({ target }) => {
            setSearch(target.value);
          }}
        />
        <Segmented label="Show" value={filter as Filter} options={FILTERS} onChange={setFilter} />
        <label className="inline-field">
          <span>Sort by</span>
          <select
            value={sort}
            onChange={({ target }) => {
              setSort(target.value);
            }}
          >
            {Object.entries(SORTS).map(([key, [label]]) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="overview">
        <section aria-label="Agents">
          {standings.isPending && <CardSkeletons />}
          {standings.isError && (
            <ErrorNote
              error={standings.error}
              onRetry={() => {
                void standings.refetch();
              }}
            />
          )}
          {standings.data && agents.length === 0 && <NoAgents isFiltered={all.length > 0} />}
          <ul className="cards">
            {agents.slice(0, shown).map((standing) => (
              <AgentCard key={standing.agent_type} standing={standing} />
            ))}
          </ul>
          {agents.length > shown && (
            <button
              type="button"
              className="button more"
              onClick={() => {
                setShown(shown + STEP);
              }}
            >
              Show more ({formatInteger(agents.length - shown)})
            </button>
          )}
          {standings.data?.next_cursor != null && (
            <p className="muted">
              The first {formatInteger(READ)} agents are shown. Others are found by their URL, and on the leaderboard.
            </p>
          )}
        </section>
        <Activity />
      </div>
    </>
  );
}

function Totals() {
  const { data } = useQuery(summaryQuery());
  if (!data) return null;
  const { test_performance: tests } = data;
  return (
    <dl className="totals">
      {(
        [
          ['Agents', formatInteger(data.total_agents ?? 0)],
          ['Tests', formatInteger(tests.tests)],
          ['Pass rate', formatPercent(tests.pass_rate)],
          ['Custody XP', formatInteger(data.total_custody_xp ?? 0)],
          ['XP', formatInteger(data.total_xp ?? 0)],
        ] as const
      ).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function NoAgents({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No agent matches">{<p>Change the search or the filter.</p>}</Empty>;
  return (
    <Empty title="No agent yet">
      <p>The first result creates its agent:</p>
      <Code>{`curl -X POST ${new URL('api/agent-metrics/scout/custody-test', document.baseURI).href} \\
  -H 'content-type: application/json' \\
  -d '{"passed": true, "score": 95, "duration": 12}'`}</Code>
    </Empty>
  );
}

function CardSkeletons() {
  return (
    <ul className="cards" aria-hidden="true">
      {Array.from({ length: 6 }, (_, index) => (
        <li key={index} className="panel card">
          <Skeleton lines={5} />
        </li>
      ))}
    </ul>
  );
}
