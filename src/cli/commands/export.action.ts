import { type Exported, type ExportFormat, readExport } from '../../transfer/index.js';
import { formatCount } from '../format-count.js';
import { writeText } from '../output-file.js';
import { Output } from '../output.js';
import { runInSession, withDataSource } from '../session.js';

export interface ExportOptions {
  format: ExportFormat;
  agent?: string;
  output?: string;
  raw?: boolean;
}

export async function runExport(of: Exported, { format, agent, raw, output: path }: ExportOptions): Promise<void> {
  const output = new Output({});
  let exported = 0;
  await runInSession(output.note, (session) =>
    withDataSource(session, 1, (dataSource) => {
      const onRows = (rows: number): void => {
        exported = rows;
      };
      return writeText(readExport(dataSource, { of, format, agentType: agent, raw }, { onRows }), path);
    }),
  );
  output.note(`${formatCount(exported, of === 'agents' ? 'agent' : 'event')} exported`);
}
