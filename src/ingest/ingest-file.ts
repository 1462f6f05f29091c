import { type AgentNames, toAgentType } from './agent-names.js';
import { toCategory } from './category-names.js';
import type { RecognizedFile } from './detect-format.js';
import { type EvaluationCase, type EvaluationFormat, skip } from './evaluation-case.js';
import type { ReadOptions } from './options.js';
import { readEvaluationFile } from './read-file.js';
import type { RelatedFiles } from './related-files.js';
import { BATCH_MAX, type BatchItem, type ResultRecorder } from './result-recorder.js';
import { Tally } from './tally.js';
import { toBatchItem } from './to-batch-item.js';

export interface IngestOptions extends ReadOptions, AgentNames {
  /** Category of all cases. Default: by the task. */
  category?: string | undefined;
  /** Called with the number of cases so far. */
  onCases?: ((cases: number) => void) | undefined;
}

/** An agent type, the model that it was chosen for, and its cases. */
export interface AgentOfModel {
  model: string | null;
  agent_type: string;
  category: string;
  cases: number;
}

/** Result of ingesting a file. */
export interface IngestReport {
  file: string;
  format: EvaluationFormat;
  tally: Tally;
  agents: AgentOfModel[];
  /** Recorded now, and recorded earlier with the same id. Both 0 in a dry run. */
  recorded: number;
  replayed: number;
}

/**
 * Records the cases of a file, in batches. Cases that were recorded earlier are replayed, so that an interrupted ingest is
 * continued by repeating it.
 *
 * @param recorder null: a dry run
 * @throws EvaluationFileError if the file is refused; nothing of it has been recorded
 */
export async function ingestFile(
  recognized: RecognizedFile,
  recorder: ResultRecorder | null,
  options: IngestOptions = {},
  related: RelatedFiles = {},
): Promise<IngestReport> {
  const report = new Ingest(recognized, recorder, options);
  for await (const item of readEvaluationFile(recognized, options, related)) {
    if (item.kind === 'case') await report.addCase(item);
    else report.tally.add(item);
  }
  await report.flush();
  return report.result();
}

class Ingest {
  readonly tally = new Tally();
  private readonly agents = new Map<string, AgentOfModel>();
  private batch: { item: BatchItem; source: EvaluationCase }[] = [];
  private recorded = 0;
  private replayed = 0;

  constructor(
    private readonly recognized: RecognizedFile,
    private readonly recorder: ResultRecorder | null,
    private readonly options: IngestOptions,
  ) {}

  async addCase(source: EvaluationCase): Promise<void> {
    const agentType = toAgentType(source.model, this.options);
    if (agentType === null) {
      const reason = source.model === null ? 'it names no model' : 'the name of its model has no usable character';
      this.tally.add(skip(source.place, 'no_agent', `${reason}; name the agent type with --agent`));
      return;
    }
    this.tally.add(source);
    const category = toCategory(source.task, this.options.category);
    this.countAgent(source.model, agentType, category);
    this.options.onCases?.(this.tally.cases);
    if (this.recorder === null) return;
    this.batch.push({ item: toBatchItem(source, agentType, category), source });
    if (this.batch.length >= BATCH_MAX) await this.flush();
  }

  async flush(): Promise<void> {
    const { batch } = this;
    this.batch = [];
    if (this.recorder === null || batch.length === 0) return;
    for (const { index, status, problem } of await this.recorder.record(batch.map(({ item }) => item))) {
      const source = batch[index]?.source;
      if (status === 'recorded') this.recorded += 1;
      else if (status === 'replayed') this.replayed += 1;
      else if (source) {
        const reason = problem?.detail ?? problem?.title ?? problem?.code ?? 'refused';
        this.tally.refuse(source, skip(source.place, 'refused', reason));
      }
    }
  }

  result(): IngestReport {
    const { recognized, tally, recorded, replayed } = this;
    const { file, detected } = recognized;
    return { file: file.name, format: detected.format, tally, agents: [...this.agents.values()], recorded, replayed };
  }

  private countAgent(model: string | null, agentType: string, category: string): void {
    const key = JSON.stringify([model, agentType, category]);
    const known = this.agents.get(key);
    if (known) known.cases += 1;
    else this.agents.set(key, { model, agent_type: agentType, category, cases: 1 });
  }
}
