import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { EvaluationFormat } from '../../ingest/index.js';
import { parseSeconds, TIMEOUT_SECONDS } from '../remote/timeout-option.js';
import type { IngestCommandOptions } from './ingest.action.js';

// Not imported from ingest/, which takes long to load.
const FORMATS = Object.keys({
  inspect: true,
  promptfoo: true,
  junit: true,
  'lm-eval': true,
  'every-eval-ever': true,
} satisfies Record<EvaluationFormat, true>);

const RULES = `
Formats:
  inspect          Inspect logs, .json and .eval: each epoch of each sample
  promptfoo        JSON and JSON Lines of promptfoo 0.9x and later
  junit            JUnit XML: each testcase; needs --agent or --agent-map
  lm-eval          lm-evaluation-harness: samples, or aggregated results
  every-eval-ever  records of the EvalEval coalition: samples or aggregates

docs/ingest.md has the rules of outcomes, scores and identities.

Examples:
  npm run cli -- ingest logs/*.eval --dry-run
  npm run cli -- ingest report.xml --agent imperium --category unit_tests
  npm run cli -- ingest - --format promptfoo < results.json
  npm run cli -- ingest report.xml --agent imperium --url https://metrics.example.com`;

export const ingestCommand = (): Command =>
  new Command('ingest')
    .summary('record the results in files of evaluation tools')
    .description(
      'Reads evaluation files and records each case as a custody test. Cases have ids: a file that is ingested again, or a ' +
        'longer version of it, adds only what is new. An interrupted ingest is continued by repeating it.\n\n' +
        'Damaged documents are refused whole; the other files are ingested. Cases that are not recorded are listed with the ' +
        'reason. Exits with 1 if a file is refused, or cases because of an error. With --url, the cases are sent to the service ' +
        'at that URL; its API key is read from LVLUP_API_KEY.',
    )
    .addArgument(new Argument('<files...>', 'the files, also compressed with gzip; - for stdin'))
    .addOption(new Option('--format <format>', 'format of the files').choices(['auto', ...FORMATS]).default('auto'))
    .addOption(new Option('--agent <name>', 'agent type of all cases; default: by the model').conflicts('agentMap'))
    .option('--agent-map <file>', 'JSON object of models to agent types; "*" for all others')
    .option('--category <name>', 'category of all cases; default: by the task')
    .option('--run <id>', 'identity of the run in files without one')
    .option('--scorer <name>', 'Inspect: scorer NAME, or NAME.KEY of a map or list; default: the first of the log')
    .option('--metric <name>', 'lm-eval: METRIC or METRIC,FILTER; default: acc, exact_match, …')
    .addOption(
      new Option('--junit-errors <outcome>', 'outcome of testcases with an error element')
        .choices(['errored', 'failed'])
        .default('errored'),
    )
    .option('--pass-mark <score>', 'least score that is passed, if the format has no outcome (0–100)', parseScore, 70)
    .option('--url <url>', 'URL of a remote service, such as https://metrics.example.com; default: the database')
    .option('--timeout <seconds>', 'maximum time for a response of the remote service', parseSeconds, TIMEOUT_SECONDS)
    .option('--dry-run', 'show what would be recorded')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', RULES)
    .action(async (files: string[], options: IngestCommandOptions) => {
      const { runIngest } = await import('./ingest.action.js');
      await runIngest(files, options);
    });

function parseScore(text: string): number {
  const score = Number(text);
  if (text.trim() === '' || !(score >= 0 && score <= 100)) throw new InvalidArgumentError('Must be between 0 and 100.');
  return score;
}
