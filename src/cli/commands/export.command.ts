import { Argument, Command, Option } from 'commander';
import type { Exported, ExportFormat } from '../../transfer/index.js';
import type { ExportOptions } from './export.action.js';

// Not imported from transfer/, which takes long to load.
const EXPORTED = Object.keys({ agents: true, events: true } satisfies Record<Exported, true>);
const FORMATS = Object.keys({ ndjson: true, csv: true } satisfies Record<ExportFormat, true>);

export const exportCommand = (): Command =>
  new Command('export')
    .summary('write all agents or the whole ledger to a file')
    .description(
      'Writes agents (all columns of their rows) or events (the ledger with its hashes) from one snapshot, also while a ' +
        'service is writing. Agents are ordered by agent type, events of an agent by version. `import` recreates the same ' +
        'ledger in another database from `export events`; `export agents` contains the current numbers only. NDJSON ends ' +
        'with a summary line, by which `import` detects a truncated file.',
    )
    .addArgument(new Argument('<what>', 'what to export').choices(EXPORTED))
    .addOption(
      new Option('--format <format>', 'ndjson: one object per line; csv: RFC 4180 with a header')
        .choices(FORMATS)
        .default('ndjson'),
    )
    .option('--agent <agent_type>', 'only this agent')
    .option('--raw', 'do not escape CSV cells that a spreadsheet would interpret as formulas')
    .option('--output <file>', 'write to this file, which appears when it is complete; default: stdout')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  lvlup-agent-metrics export events --output events.ndjson\n' +
        "  lvlup-agent-metrics export events --agent guardian | jq '.type // empty'\n" +
        '  lvlup-agent-metrics export agents --format csv --output agents.csv',
    )
    .action(async (of: Exported, options: ExportOptions) => {
      const { runExport } = await import('./export.action.js');
      await runExport(of, options);
    });
