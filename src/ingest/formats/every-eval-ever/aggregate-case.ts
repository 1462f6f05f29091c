import { caseId, type IdentityCounter, type IdPart } from '../../case-id.js';
import { type FileItem, skip } from '../../evaluation-case.js';
import { DEFAULT_PASS_MARK } from '../../options.js';
import { readTimestamp } from '../../quantities.js';
import { note, outcomeOf, toCase } from '../../to-case.js';
import { at, firstText } from '../../values.js';
import { scaleScore } from './scale.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Converts one entry of `evaluation_results`.
 *
 * @param record the document that contains it
 */
export function toAggregateCase(
  record: Fields,
  result: Fields,
  place: string,
  counter: IdentityCounter,
  fallbackRun: string,
  passMark = DEFAULT_PASS_MARK,
): FileItem {
  const config = result['metric_config'];
  const read = scaleScore(at(result, 'score_details', 'score'), config);
  const name = firstText(result['evaluation_name']);
  const title = name === null ? place : `${place}, ${name.slice(0, 100)}`;
  if (read.score === null) return skip(title, read.code, read.reason);
  const metric = firstText(at(config, 'metric_id'), at(config, 'metric_name'));
  const run = firstText(record['evaluation_id']) ?? fallbackRun;
  const identity: IdPart[] = ['aggregate', run, firstText(result['evaluation_result_id']) ?? [name, metric]];
  const ordinal = counter.add(identity);
  const time = firstText(result['evaluation_timestamp'], record['evaluation_timestamp'], record['retrieved_timestamp']);
  const timestamp = readTimestamp(time);
  const model = record['model_info'];
  return toCase({
    id: caseId('every-eval-ever', [...identity, ordinal]),
    place: title,
    model: firstText(at(model, 'id'), at(model, 'name')),
    task: name,
    outcome: outcomeOf(read.score, passMark),
    score: read.score,
    duration: null,
    timestamp,
    evidence: {
      source: firstText(at(record, 'eval_library', 'name')) ?? 'every-eval-ever',
      run_id: run,
      case_id: firstText(result['evaluation_result_id'], name),
      attempt: 1,
      evaluator: metric,
      url: firstText(at(result, 'source_data', 'url', '0'), at(record, 'source_metadata', 'source_organization_url')),
      details: {
        aggregated: true,
        value: at(result, 'score_details', 'score'),
        metric: config,
        uncertainty: at(result, 'score_details', 'uncertainty'),
        dataset: at(result, 'source_data', 'dataset_name'),
        library_version: at(record, 'eval_library', 'version'),
        developer: at(model, 'developer'),
        organization: at(record, 'source_metadata', 'source_organization_name'),
        schema_version: record['schema_version'],
      },
    },
    notes: time !== null && timestamp === null ? [note('timestamp_unreadable', `${time.slice(0, 50)} is no time`)] : [],
  });
}
