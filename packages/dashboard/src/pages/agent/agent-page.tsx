import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ApiError } from '../../api/client.js';
import { eligibilityQuery, metricsQuery, useSupportsAsOf } from '../../api/queries.js';
import type { Metrics } from '../../api/types.js';
import { formatCount, formatDecimal, formatInteger, formatPercent } from '../../format/numbers.js';
import { custodyProgress, levelProgress } from '../../format/progress.js';
import { wilsonInterval } from '../../format/wilson.js';
import { GateDetails } from '../../ui/gate.js';
import { Ago, Badge, Empty, ErrorNote, PassRate, Progress, Segmented, Skeleton } from '../../ui/parts.js';
import { useParam } from '../../ui/use-param.js';
import { useTitle } from '../../ui/use-title.js';
import { AgentActions } from './actions.js';
import { AsOf } from './as-of.js';
import { Comparison } from './comparison.js';
import { HeatMap } from './heat-map.js';
import { History } from './history.js';
import { Ledger } from './ledger.js';
import { PassRateChart } from './pass-rate-chart.js';
import { XpChart } from './xp-chart.js';

const VIEWS = [
  ['', 'Progress'],
  ['results', 'Results'],
  ['compare', 'Compare'],
  ['ledger', 'Ledger'],
] as const;
type View = (typeof VIEWS)[number][0];

/** An agent, now or as of an earlier version. */
export default function AgentPage({ name }: { name: string }) {
  useTitle(name);
  const [view, setView] = useParam('view');
  const [asOf, setAsOf] = useParam('as_of');
  const now = useQuery(metricsQuery(name));
  const supportsAsOf = useSupportsAsOf(name, now.data?.version ?? 0);
  const version = supportsAsOf && asOf !== '' ? asOf : undefined;
  const then = useQuery(metricsQuery(name, version));
  const { data: eligibility } = useQuery(eligibilityQuery(name, version));
  const metrics = then.data ?? now.data;
  if (now.isError && !now.data) return <Failure name={name} error={now.error} onRetry={() => void now.refetch()} />;
  return (
    <>
      <div className="page-head">
        <div>
          <p className="crumbs">
            <Link href="/">Agents</Link> /
          </p>
          <h1>
            {name} {metrics && !metrics.is_active && <Badge>inactive</Badge>}
          </h1>
        </div>
        {now.data && version === undefined && <AgentActions name={name} metrics={now.data} />}
      </div>
      {now.data && supportsAsOf && <AsOf name={name} newest={now.data.version} value={asOf} onChange={setAsOf} />}
      {metrics ? <Facts metrics={metrics} isSecondary={view !== ''} /> : <Skeleton lines={4} />}
      <div className="toolbar">
        <Segmented label="View" value={view as View} options={VIEWS} onChange={setView} />
      </div>
      {view === '' && eligibility && (
        <div className="columns">
          <GateDetails name="Propose" gate={eligibility.propose} />
          <GateDetails name="Level up" gate={eligibility.level_up} />
        </div>
      )}
      {now.data && view === '' && <ProgressView name={name} metrics={now.data} />}
      {view === 'results' && <History name={name} />}
      {view === 'compare' && <Comparison name={name} />}
      {now.data && view === 'ledger' && <Ledger name={name} metrics={now.data} />}
    </>
  );
}

function ProgressView({ name, metrics }: { name: string; metrics: Metrics }) {
  return (
    <>
      <div className="columns">
        <XpChart name={name} metrics={metrics} />
        <PassRateChart name={name} />
      </div>
      <HeatMap name={name} />
    </>
  );
}

function Failure({ name, error, onRetry }: { name: string; error: unknown; onRetry: () => void }) {
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Empty isPage title={`No agent ${name}`}>
        <p>
          <Link href="/">All agents</Link>
        </p>
      </Empty>
    );
  }
  return <ErrorNote error={error} onRetry={onRetry} />;
}

/** @param isSecondary hidden on phones, where the view would begin below the screen */
function Facts({ metrics, isSecondary }: { metrics: Metrics; isSecondary: boolean }) {
  const custody = custodyProgress(metrics.custody_level, metrics.custody_xp);
  const general = levelProgress(metrics.level, metrics.xp);
  const streak =
    metrics.consecutive_failures > 0
      ? `${formatInteger(metrics.consecutive_failures)} failed`
      : `${formatInteger(metrics.consecutive_successes)} passed`;
  const { total_tests_given: given, total_tests_passed: passed } = metrics;
  return (
    <dl className={`tiles ${isSecondary ? 'tiles-secondary' : ''}`}>
      <div className="panel">
        <dt>Custody level</dt>
        <dd>{formatInteger(metrics.custody_level)}</dd>
        <dd className="tile-more">
          <Progress label="Progress to the next custody level" ratio={custody.ratio} />
          {formatInteger(metrics.custody_xp)} custody XP · {formatInteger(custody.missing ?? 0)} to go
        </dd>
      </div>
      <div className="panel">
        <dt>General level</dt>
        <dd>{formatInteger(metrics.level)}</dd>
        <dd className="tile-more">
          <Progress label="Progress to the next general level" ratio={general.ratio} />
          <span>
            {formatInteger(metrics.xp)} XP ·{' '}
            {general.missing === null ? 'maximum' : `${formatInteger(general.missing)} to go`}
          </span>
        </dd>
      </div>
      <div className="panel">
        <dt>Pass rate</dt>
        <dd>{given === 0 ? '–' : formatPercent(passed / given)}</dd>
        <dd className="tile-more">
          <PassRate rate={given === 0 ? null : passed / given} interval={wilsonInterval(passed, given)} />
          {formatInteger(passed)} of {formatInteger(given)} tests
        </dd>
      </div>
      <div className="panel">
        <dt>Streak</dt>
        <dd>{streak}</dd>
        <dd className="tile-more">
          <span>Difficulty {metrics.current_difficulty}</span>
          {metrics.last_test_date !== null && (
            <span>
              Last test <Ago time={metrics.last_test_date} />
            </span>
          )}
        </dd>
      </div>
      <div className="panel">
        <dt>Learning score</dt>
        <dd>{formatDecimal(metrics.learning_score)}</dd>
        <dd className="tile-more">
          <span>{formatCount(metrics.total_learning_cycles, 'learning cycle')}</span>
          <span>{formatCount(metrics.adversarial_wins, 'adversarial win')}</span>
        </dd>
      </div>
    </dl>
  );
}
