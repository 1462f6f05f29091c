import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { eligibilityQuery, metricsQuery } from '../api/queries.js';
import type { Standing } from '../api/types.js';
import { formatCount, formatInteger } from '../format/numbers.js';
import { custodyProgress, levelProgress } from '../format/progress.js';
import { wilsonInterval } from '../format/wilson.js';
import { GateLine } from '../ui/gate.js';
import { Ago, Badge, PassRate, Progress, Skeleton } from '../ui/parts.js';
import { Sparkline } from '../ui/sparkline.js';
import { useInView } from '../ui/use-in-view.js';

/** An agent in short. Reads the details when the card is near the visible part of the page. */
export function AgentCard({ standing }: { standing: Standing }) {
  const [ref, isSeen] = useInView<HTMLLIElement>();
  const name = standing.agent_type;
  const { data: metrics } = useQuery({ ...metricsQuery(name), enabled: isSeen });
  const { data: eligibility } = useQuery({ ...eligibilityQuery(name), enabled: isSeen });
  const { custody_level: level, custody_xp: xp, total_tests_given: given, total_tests_passed: passed } = standing;
  const progress = custodyProgress(level, xp);
  return (
    <li ref={ref} className={`panel card ${standing.is_active ? '' : 'card-inactive'}`}>
      <div className="card-head">
        <h2>
          <Link href={`/agents/${encodeURIComponent(name)}`}>{name}</Link>
        </h2>
        <Streak standing={standing} />
      </div>
      <div className="card-levels">
        <Level name="Custody" level={level} {...progress} />
        {metrics ? (
          <Level name="General" level={metrics.level} {...levelProgress(metrics.level, metrics.xp)} />
        ) : (
          <Skeleton lines={1} />
        )}
      </div>
      {metrics ? <Sparkline tests={metrics.test_history} /> : <div className="sparkline-space" />}
      <div className="card-row">
        <PassRate rate={given === 0 ? null : standing.pass_rate} interval={wilsonInterval(passed, given)} />
      </div>
      <div className="card-gates">
        {eligibility ? (
          <>
            <GateLine name="Propose" gate={eligibility.propose} />
            <GateLine name="Level up" gate={eligibility.level_up} />
          </>
        ) : (
          <Skeleton lines={2} />
        )}
      </div>
      <p className="card-foot muted">
        {formatCount(given, 'test')}
        {standing.last_test_date && (
          <>
            {' '}
            · <Ago time={standing.last_test_date} />
          </>
        )}{' '}
        · {standing.current_difficulty}
      </p>
    </li>
  );
}

function Level({
  name,
  level,
  ratio,
  missing,
}: {
  name: string;
  level: number;
  ratio: number;
  missing: number | null;
}) {
  const rest = missing === null ? 'maximum level' : `${formatInteger(missing)} XP to ${formatInteger(level + 1)}`;
  return (
    <div className="level">
      <span>
        <span className="muted">{name}</span> <strong>{formatInteger(level)}</strong>
      </span>
      <Progress label={`${name} level ${level}: ${rest}`} ratio={ratio} />
      <span className="muted level-rest">{rest}</span>
    </div>
  );
}

function Streak({ standing }: { standing: Standing }) {
  const { is_active, is_overdue, consecutive_successes: won, consecutive_failures: lost } = standing;
  if (!is_active) return <Badge>inactive</Badge>;
  return (
    <span className="badges">
      {is_overdue && <Badge tone="warn">overdue</Badge>}
      {won > 0 && <Badge tone="good">{won === 1 ? 'last test passed' : `${formatInteger(won)} passed in a row`}</Badge>}
      {lost > 0 && (
        <Badge tone="bad">{lost === 1 ? 'last test failed' : `${formatInteger(lost)} failed in a row`}</Badge>
      )}
    </span>
  );
}
