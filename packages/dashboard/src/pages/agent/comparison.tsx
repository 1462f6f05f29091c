import { useQuery } from '@tanstack/react-query';
import { comparisonQuery } from '../../api/queries.js';
import type { ComparisonGroup } from '../../api/types.js';
import { formatDecimal, formatInteger, formatPercent, formatPoints } from '../../format/numbers.js';
import { Ago, Badge, Code, Empty, ErrorNote, RateBar, Segmented, Skeleton } from '../../ui/parts.js';
import { useParam } from '../../ui/use-param.js';

const FIELDS = [
  ['agent_version', 'Version'],
  ['model', 'Model'],
  ['run_id', 'Run'],
  ['environment', 'Environment'],
] as const;
type Field = (typeof FIELDS)[number][0];
const SHOWN = 50;

/** Pass rates by version, model, run or environment, compared with a baseline. */
export function Comparison({ name }: { name: string }) {
  const [by, setBy] = useParam('by', 'agent_version');
  const [baseline, setBaseline] = useParam('baseline');
  const { data, error, isPending, refetch } = useQuery(comparisonQuery(name, { by, baseline, limit: SHOWN }));
  const groups = data?.groups ?? [];
  return (
    <div className="stack">
      <div className="toolbar">
        <Segmented
          label="Compare by"
          value={by as Field}
          options={FIELDS}
          onChange={(value) => {
            setBaseline('');
            setBy(value);
          }}
        />
        <label className="inline-field">
          <span>Baseline</span>
          <select
            value={baseline}
            onChange={({ target }) => {
              setBaseline(target.value);
            }}
          >
            <option value="">most recent other</option>
            {groups.map(({ value }) =>
              value === null ? null : (
                <option key={value} value={value}>
                  {value}
                </option>
              ),
            )}
          </select>
        </label>
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={6} />}
      {data && groups.length === 0 && <NoEvidence name={name} />}
      {groups.length > 0 && (
        <div className="table-scroll panel" tabIndex={0} role="region" aria-label="Comparison">
          <table className="comparison">
            <thead>
              <tr>
                <th>{FIELDS.find(([field]) => field === by)?.[1] ?? by}</th>
                <th className="number">Tests</th>
                <th className="number">Pass rate</th>
                <th className="wide">95 % interval</th>
                <th>Difference</th>
                <th className="number">Score</th>
                <th>Newest</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <Row key={group.value ?? ''} group={group} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data?.truncated === true && <p className="muted">The {formatInteger(SHOWN)} most recent groups are shown.</p>}
    </div>
  );
}

function Row({ group }: { group: ComparisonGroup }) {
  const { value, tests, pass_rate: rate, pass_rate_interval: interval, average_score, last_at } = group;
  return (
    <tr>
      <th scope="row">{value ?? 'not stated'}</th>
      <td className="number">{formatInteger(tests)}</td>
      <td className="number">{formatPercent(rate)}</td>
      <td>
        {rate !== null && interval !== null && (
          <span className="interval-cell">
            <RateBar rate={rate} interval={interval} />
            <span className="muted">
              {formatPercent(interval.low)}–{formatPercent(interval.high)}
            </span>
          </span>
        )}
      </td>
      <td>
        <Difference difference={group.difference} />
      </td>
      <td className="number">{formatDecimal(average_score)}</td>
      <td>
        <Ago time={last_at} />
      </td>
    </tr>
  );
}

function Difference({ difference }: Pick<ComparisonGroup, 'difference'>) {
  if (!difference) return <span className="muted">–</span>;
  const { value, low, high, baseline } = difference;
  const tone = low > 0 ? 'good' : high < 0 ? 'bad' : 'neutral';
  const verdict = low > 0 ? 'better' : high < 0 ? 'worse' : 'no clear difference';
  return (
    <span title={`95 % interval ${formatPoints(low)} to ${formatPoints(high)}`}>
      <Badge tone={tone}>
        {formatPoints(value)} {verdict}
      </Badge>{' '}
      <span className="muted">than {baseline ?? 'not stated'}</span>
    </span>
  );
}

function NoEvidence({ name }: { name: string }) {
  return (
    <Empty title="No evidence to compare">
      <p>Send evidence with the results:</p>
      <Code>{`curl -X POST ${new URL(`api/agent-metrics/${encodeURIComponent(name)}/custody-test`, document.baseURI).href} \\
  -H 'content-type: application/json' \\
  -d '{"passed": true, "score": 95, "duration": 12, "evidence": {"agent_version": "2.0", "model": "small"}}'`}</Code>
    </Empty>
  );
}
