import { type AgentNames, toAgentType } from './agent-names.js';
import { Batch } from './batch.js';
import { toCategory } from './category-names.js';
import type { RecognizedFile } from './detect-format.js';
import { type EvaluationCase, type EvaluationFormat, skip } from './evaluation-case.js';
import type { ReadOptions } from './options.js';
import { readEvaluationFile } from './read-file.js';
import type { RelatedFiles } from './related-files.js';

import type { ResultRecorder } from './result-recorder.js';
import { Tally } from './tally.js';
import { toBatchItem } from './to-batch-item.js';

export interface IngestOptions extends ReadOptions, AgentNames {
  /** Category of all cases. Default: by the task. */
  category?: string | undefined;
  /** Returns why results of an agent must not be recorded; null: they may. */
  refuseAgent?: ((agentType: string) => string | null) | undefined;
  /** Called with the number of cases so far. What it throws stops the ingest. */
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
  try {
    for await (const item of readEvaluationFile(recognized, options, related)) {
      if (item.kind === 'case') await report.addCase(item);
      else report.tally.add(item);
    }
    await report.flush();
  } finally {
    await report.finish();
  }
  return report.result();
}

class Ingest {
  readonly tally = new Tally();
  private readonly agents = new Map<string, AgentOfModel>();
  private batch = new Batch();
  /** The batch that is being recorded while the next one is read. */
  private recording: Promise<void> = Promise.resolve();
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
      this.tally.add(skip(source.place, 'no_agent', `${reason}; name the agent type with the option agent`));
      return;
    }
    const refusal = this.options.refuseAgent?.(agentType) ?? null;
    if (refusal !== null) {
      this.tally.add(skip(source.place, 'refused', refusal));
      return;
    }
    this.tally.add(source);
    const category = toCategory(source.task, this.options.category);
    this.countAgent(source.model, agentType, category);
    this.options.onCases?.(this.tally.cases);
    if (this.recorder === null) return;
    const item = toBatchItem(source, agentType, category);
    if (!this.batch.hasRoomFor(item)) await this.flush();
    this.batch.add(item, source);
  }

  /** Starts to record the batch, after the previous one. */
  async flush(): Promise<void> {
    const { batch, recorder } = this;
    this.batch = new Batch();
    await this.recording;
    if (recorder === null || batch.items.length === 0) return;
    this.recording = this.record(batch, recorder);
    // The next flush, or finish, throws the error.
    this.recording.catch(() => undefined);
  }

  /** Waits for the batch that is being recorded. */
  finish(): Promise<void> {
    return this.recording;
  }

  private async record({ items, sources }: Batch, recorder: ResultRecorder): Promise<void> {
    for (const { index, status, problem } of await recorder.record(items)) {
      const source = sources[index];
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
