import { Link } from 'wouter';
import type { IngestReport } from '../api/types.js';
import { formatCount, formatInteger, toWords } from '../format/numbers.js';
import { Badge } from '../ui/parts.js';

/** Counts of a file, by outcome and agent, and the cases that are not recorded. */
export function ReportView({ report }: { report: IngestReport }) {
  const counts = report.dry_run
    ? ([
        ['Cases', report.cases],
        ['Passed', report.passed],
        ['Failed', report.failed],
        ['Errored', report.errored],
        ['Not recordable', report.not_recorded],
      ] as const)
    : ([
        ['Recorded', report.recorded],
        ['Already recorded', report.replayed],
        ['Refused', report.refused],
        ['Not recordable', report.not_recorded],
      ] as const);
  return (
    <>
      <p>
        <Badge tone={report.dry_run ? 'accent' : 'good'}>{report.dry_run ? 'Preview' : 'Recorded'}</Badge> Format:{' '}
        {report.format}
      </p>
      <dl className="totals">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatInteger(count)}</dd>
          </div>
        ))}
      </dl>
      {report.agents.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>Agent</th>
              <th>Model</th>
              <th>Category</th>
              <th className="number">Cases</th>
            </tr>
          </thead>
          <tbody>
            {report.agents.map(({ agent_type, model, category, cases }) => (
              <tr key={JSON.stringify([agent_type, model, category])}>
                <th scope="row">
                  <Link href={`/agents/${encodeURIComponent(agent_type)}`}>{agent_type}</Link>
                </th>
                <td>{model ?? '–'}</td>
                <td>{toWords(category)}</td>
                <td className="number">{formatInteger(cases)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {report.remarks.map((remark) => (
        <p key={remark} className="muted">
          {remark}
        </p>
      ))}
      {report.not_recorded_cases.length > 0 && (
        <details>
          <summary>{formatCount(report.not_recorded, 'case')} not recorded</summary>
          <ul>
            {report.not_recorded_cases.map(({ place, reason }, index) => (
              <li key={index}>
                {place}: {toWords(reason)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
