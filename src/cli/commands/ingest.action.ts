import { readFile } from 'node:fs/promises';
import {
  EvaluationFileError,
  type EvaluationFormat,
  ingestFile,
  type IngestOptions,
  type IngestReport,
  isCategory,
  openEvaluationFile,
  parseAgentMap,
  recognizeFile,
  type RecognizedFile,
  relateFiles,
  removeStaleCopies,
  type ResultRecorder,
} from '../../ingest/index.js';
import { EXIT_FAILED, EXIT_USAGE } from '../exit-codes.js';
import { formatCount } from '../format-count.js';
import { withRecorder } from '../ingest/with-recorder.js';
import { describeIngest, type RefusedFile, toIngestJson } from '../ingest-lines.js';
import { isWellFormedAgentType } from '../../progression/index.js';
import { Output, type OutputOptions } from '../output.js';

export interface IngestCommandOptions extends OutputOptions {
  format: EvaluationFormat | 'auto';
  agent?: string;
  agentMap?: string;
  category?: string;
  run?: string;
  scorer?: string;
  metric?: string;
  junitErrors: 'errored' | 'failed';
  passMark: number;
  /** URL of a remote service; undefined: the database. */
  url?: string;
  /** Seconds. */
  timeout: number;
  dryRun?: boolean;
}

export async function runIngest(paths: readonly string[], options: IngestCommandOptions): Promise<void> {
  const output = new Output(options);
  const problem = findUsageProblem(paths, options);
  if (problem !== null) {
    output.note(`error: ${problem}`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  const { agent, agentMap, category, run, scorer, metric, junitErrors, passMark, dryRun = false } = options;
  const map = agentMap === undefined ? undefined : parseAgentMap(await readText(agentMap), agentMap);
  const settings: IngestOptions = { agent, map, category, run, scorer, metric, junitErrors, passMark };
  const refused: RefusedFile[] = [];
  await removeStaleCopies();
  const recognized = await recognizeAll(paths, options, refused);
  try {
    const reports = dryRun
      ? await ingestAll(recognized, null, settings, output, refused)
      : await withRecorder(options, output.note, (recorder) =>
          ingestAll(recognized, recorder, settings, output, refused),
        ).catch((error: unknown) => {
          output.note('The ingest was stopped. Recorded cases are kept: repeat the command to continue.');
          throw error;
        });
    await output.result(toIngestJson(reports, refused, dryRun), describeIngest(reports, refused, dryRun));
    if (refused.length > 0 || reports.some(hasErrors)) process.exitCode = EXIT_FAILED;
  } finally {
    for (const { file } of recognized) await file.dispose();
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const problem = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new EvaluationFileError(path, problem, null, { cause });
  }
}

function findUsageProblem(paths: readonly string[], { agent, category }: IngestCommandOptions): string | null {
  if (paths.filter((path) => path === '-').length > 1) return 'stdin can be read only once';
  if (agent !== undefined && !isWellFormedAgentType(agent)) return `${JSON.stringify(agent)} is no agent type`;
  if (category !== undefined && !isCategory(category)) return `${JSON.stringify(category)} is no category`;
  return null;
}

async function recognizeAll(
  paths: readonly string[],
  { format }: IngestCommandOptions,
  refused: RefusedFile[],
): Promise<RecognizedFile[]> {
  const recognized: RecognizedFile[] = [];
  for (const path of paths) {
    await collectRefusal(refused, async () => {
      const file = await openEvaluationFile(path);
      try {
        recognized.push(await recognizeFile(file, format === 'auto' ? undefined : format));
      } catch (error) {
        await file.dispose();
        throw error;
      }
    });
  }
  return recognized;
}

async function ingestAll(
  files: readonly RecognizedFile[],
  recorder: ResultRecorder | null,
  settings: IngestOptions,
  output: Output,
  refused: RefusedFile[],
): Promise<IngestReport[]> {
  const related = await relateFiles(files);
  const reports: IngestReport[] = [];
  for (const recognized of files) {
    let cases = 0;
    const options: IngestOptions = {
      ...settings,
      onCases: (count) => (cases = count),
      onProgress: (read, total) => {
        output.progress(read, total, `${recognized.file.baseName}: ${formatCount(cases, 'case')}`);
      },
    };
    await collectRefusal(refused, async () => {
      reports.push(await ingestFile(recognized, recorder, options, related));
    });
  }
  return reports;
}

/** Collects the error if a file is refused. */
async function collectRefusal(refused: RefusedFile[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof EvaluationFileError)) throw error;
    const { file, line, column, problem } = error;
    refused.push({ file, line, column, problem });
  }
}

/** Whether cases were not recorded because of an error, as opposed to their content. */
function hasErrors({ tally: { reasons } }: IngestReport): boolean {
  return reasons.malformed !== undefined || reasons.no_agent !== undefined || reasons.refused !== undefined;
}
