import { useQueries, useQuery } from '@tanstack/react-query';
import { analyticsQuery } from '../../api/queries.js';
import type { TestOutcomes } from '../../api/types.js';
import { formatCount, formatInteger, formatPercent, toWords } from '../../format/numbers.js';
import { DIFFICULTIES } from '../../../../../src/progression/index.js';
import { Empty, Skeleton } from '../../ui/parts.js';

/** Number of categories shown; each is a request. */
const SHOWN = 10;
/** Number of shades. */
const SHADES = 6;

/** Pass rates by category and difficulty. */
export function HeatMap({ name }: { name: string }) {
  const { data } = useQuery(analyticsQuery(name));
  const all = Object.entries(data?.by_category ?? {}).sort(([, a], [, b]) => b.tests - a.tests);
  const categories = all.slice(0, SHOWN);
  const details = useQueries({ queries: categories.map(([category]) => analyticsQuery(name, { category })) });
  const difficulties = DIFFICULTIES.filter((difficulty) => data?.by_difficulty[difficulty] !== undefined);
  return (
    <section className="panel">
      <h2>Categories and difficulties</h2>
      {!data && <Skeleton lines={6} />}
      {data && all.length === 0 && <Empty title="No test yet" />}
      {categories.length > 0 && (
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Pass rates by category and difficulty">
          <table className="heat-map">
            <thead>
              <tr>
                <th>Category</th>
                {difficulties.map((difficulty) => (
                  <th key={difficulty}>{difficulty}</th>
                ))}
                <th>all</th>
              </tr>
            </thead>
            <tbody>
              {categories.map(([category, outcomes], index) => (
                <tr key={category}>
                  <th scope="row">{toWords(category)}</th>
                  {difficulties.map((difficulty) => (
                    <Cell key={difficulty} outcomes={details[index]?.data?.by_difficulty[difficulty]} />
                  ))}
                  <Cell outcomes={outcomes} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {all.length > SHOWN && (
        <p className="muted">
          The {formatInteger(SHOWN)} categories with the most tests of {formatInteger(all.length)}.
        </p>
      )}
    </section>
  );
}

function Cell({ outcomes }: { outcomes: TestOutcomes | undefined }) {
  if (typeof outcomes?.pass_rate !== 'number') return <td className="heat heat-none">–</td>;
  const { pass_rate: rate, pass_rate_interval: interval, tests } = outcomes;
  const shade = Math.min(SHADES - 1, Math.floor(rate * SHADES));
  const title = `${formatCount(tests, 'test')}, 95 % interval ${formatPercent(interval?.low ?? null)}–${formatPercent(interval?.high ?? null)}`;
  return (
    <td className={`heat heat-${shade} ${tests < 5 ? 'heat-few' : ''}`} title={title}>
      {formatPercent(rate)}
      <span className="heat-count">{formatInteger(tests)}</span>
    </td>
  );
}
