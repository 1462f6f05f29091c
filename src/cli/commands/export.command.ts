import { Argument, Command, Option } from 'commander';
import { EXPORT_FORMATS, EXPORTED, type Exported, type ExportFormat, readExport } from '../../transfer/index.js';
import { counted } from '../count.js';
import { Output } from '../output.js';
import { writeText } from '../output-file.js';
import { connected, inSession } from '../session.js';

interface ExportOptions {
  format: ExportFormat;
  agent?: string;
  output?: string;
  raw?: boolean;
}

export const exportCommand = (): Command =>
  new Command('export')
    .summary('write all agents, or the whole ledger, to a file')
    .description(
      'Writes agents (every column of their rows) or events (the ledger, with its hashes) as they are at one moment, while ' +
        'a service may go on writing. Agents come in the order of their types, events of an agent from the first to the ' +
        'newest. What `export events` writes, `import` makes the same ledger of, in another database; what `export agents` ' +
        'writes are their numbers only. NDJSON ends with a line that says what stands above it, so that `import` knows a ' +
        'file that was cut.',
    )
    .addArgument(new Argument('<what>', 'what to export').choices(EXPORTED))
    .addOption(
      new Option('--format <format>', 'ndjson: an object a line; csv: RFC 4180, with a header')
        .choices(EXPORT_FORMATS)
        .default('ndjson'),
    )
    .option('--agent <agent_type>', 'of this agent only')
    .option('--raw', 'cells of CSV as they are; otherwise those that a spreadsheet takes for formulas are escaped')
    .option('--output <file>', 'write to this file, when all of it is there; otherwise to stdout')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  lvlup export events --output events.ndjson\n' +
        "  lvlup export events --agent guardian | jq '.type // empty'\n" +
        '  lvlup export agents --format csv --output agents.csv',
    )
    .action(async (of: Exported, { format, agent, raw, output: path }: ExportOptions) => {
      const output = new Output({});
      let exported = 0;
      await inSession(output.note, (session) =>
        connected(session, 1, (dataSource) => {
          const onRows = (rows: number): void => {
            exported = rows;
          };
          return writeText(readExport(dataSource, { of, format, agentType: agent, raw }, { onRows }), path);
        }),
      );
      output.note(`${counted(exported, of === 'agents' ? 'agent' : 'event')} exported`);
    });
