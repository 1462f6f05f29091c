import { useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useId, useState } from 'react';
import { request } from '../api/client.js';
import { useMay } from '../api/queries.js';
import type { IngestReport } from '../api/types.js';
import { formatCount, formatInteger } from '../format/numbers.js';
import { Code, ErrorNote, Skeleton } from '../ui/parts.js';
import { useParam } from '../ui/use-param.js';
import { useTitle } from '../ui/use-title.js';
import { ReportView } from './ingest-report.js';

const FORMATS = ['auto', 'inspect', 'promptfoo', 'junit', 'lm-eval', 'every-eval-ever'];

/** Query parameters of the ingest. */
interface Options {
  agent: string;
  category: string;
  format: string;
}

interface Work {
  file: File;
  /** Options with which the report was requested. */
  options: Options;
  /** Null while the service reads the file. */
  report: IngestReport | null;
  error: unknown;
}

/** Shows what a file contains, and records it after a confirmation. */
export function IngestPage() {
  useTitle('Ingest');
  const client = useQueryClient();
  const mayWrite = useMay('write');
  const [agent, setAgent] = useParam('agent');
  const [category, setCategory] = useParam('category');
  const [format, setFormat] = useParam('format', 'auto');
  const [work, setWork] = useState<Work | null>(null);
  const options: Options = { agent, category, format };
  const send = async (file: File, dryRun: boolean): Promise<void> => {
    setWork({ file, options, report: null, error: null });
    const query = { ...options, file: file.name, dry_run: dryRun };
    try {
      const report = await request<IngestReport>('api/ingest', { method: 'POST', body: file, query });
      setWork({ file, options, report, error: null });
      if (!dryRun) void client.invalidateQueries();
    } catch (error) {
      setWork({ file, options, report: null, error });
    }
  };
  return (
    <>
      <div className="page-head">
        <h1>Ingest</h1>
        <p className="muted">Results of Inspect, promptfoo, JUnit, lm-evaluation-harness and every_eval_ever</p>
      </div>
      <div className="toolbar">
        <label className="inline-field">
          <span>Agent</span>
          <input
            value={agent}
            placeholder="by the model of each case"
            onChange={({ target }) => {
              setAgent(target.value);
            }}
          />
        </label>
        <label className="inline-field">
          <span>Category</span>
          <input
            value={category}
            placeholder="by the task"
            onChange={({ target }) => {
              setCategory(target.value);
            }}
          />
        </label>
        <label className="inline-field">
          <span>Format</span>
          <select
            value={format}
            onChange={({ target }) => {
              setFormat(target.value);
            }}
          >
            {FORMATS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <DropZone
        onFile={(file) => {
          void send(file, true);
        }}
      />
      {work && (
        <section className="panel ingest-work" aria-live="polite">
          <h2>{work.file.name}</h2>
          {work.error !== null && (
            <ErrorNote
              error={work.error}
              onRetry={() => {
                void send(work.file, true);
              }}
            />
          )}
          {work.error === null && work.report === null && <Skeleton />}
          {work.report && <ReportView report={work.report} />}
          {work.report?.dry_run === true && (
            <div className="dialog-actions">
              <button
                type="button"
                className="button"
                onClick={() => {
                  setWork(null);
                }}
              >
                Discard
              </button>
              {isSame(work.options, options) ? (
                <button
                  type="button"
                  className="button button-primary"
                  disabled={!mayWrite || recordable(work.report) === 0}
                  title={mayWrite ? undefined : 'The key requires the scope write.'}
                  onClick={() => {
                    void send(work.file, false);
                  }}
                >
                  Record {formatCount(recordable(work.report), 'result')}
                </button>
              ) : (
                <button
                  type="button"
                  className="button button-primary"
                  onClick={() => {
                    void send(work.file, true);
                  }}
                >
                  Preview the changed options
                </button>
              )}
            </div>
          )}
        </section>
      )}
      {!work && (
        <section className="panel">
          <h2>From a terminal</h2>
          <Code>npm run cli -- ingest results.json --dry-run</Code>
          <Code>{`curl -X POST '${new URL('api/ingest?dry_run=true', document.baseURI).href}' --data-binary @results.json`}</Code>
        </section>
      )}
    </>
  );
}

const isSame = (one: Options, other: Options): boolean =>
  one.agent === other.agent && one.category === other.category && one.format === other.format;

const recordable = ({ passed, failed, errored }: IngestReport): number => passed + failed + errored;

function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const input = useId();
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <div
      className={`drop-zone ${isOver ? 'drop-zone-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      <p>
        <strong>Drop a file here</strong>, or{' '}
        <label htmlFor={input} className="link">
          choose one
        </label>
        <input
          id={input}
          type="file"
          className="visually-hidden"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) onFile(file);
            target.value = '';
          }}
        />
      </p>
      <p className="muted">
        The file is previewed first. Nothing is recorded until you confirm. Up to {formatInteger(256)} MiB.
      </p>
    </div>
  );
}
