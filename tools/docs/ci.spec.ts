import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { gateCommand } from '../../src/cli/commands/gate.command.js';

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}
interface Workflow {
  env: Record<string, string>;
  permissions: unknown;
  jobs: Record<string, { env?: object; steps: Step[] }>;
}

const [, text = ''] = /^```yaml\n([^]*?)^```$/m.exec(readFileSync('docs/ci.md', 'utf8')) ?? [];
const workflow = parse(text) as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

describe('the workflow of docs/ci.md', () => {
  it('runs an evaluation, records its results, and asks the gate', () => {
    const names = steps.flatMap(({ name }) => name ?? []);
    expect(names).toEqual(['Run the evaluation', 'Record the results', 'Ask the gate']);
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('uses the actions that this repository uses, by hash', () => {
    const own = readFileSync('.github/workflows/ci.yml', 'utf8');
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used).toHaveLength(2);
    for (const action of used) expect(own).toContain(action);
  });

  it('has the key in the environment of the steps that need it, and in no command line', () => {
    const withKey = steps.filter(({ env }) => env?.['LVLUP_API_KEY'] !== undefined).map(({ name }) => name);
    expect(withKey).toEqual(['Record the results', 'Ask the gate']);
    expect(JSON.stringify(workflow.env)).not.toContain('secrets');
    for (const { run = '' } of steps) {
      expect(run).not.toContain('secrets.');
      expect(run.replace(/<<< .*$/m, '')).not.toContain('LVLUP_API_KEY');
    }
  });

  it('calls the CLI command with arguments that it accepts', async () => {
    const run = steps.find(({ name }) => name === 'Ask the gate')?.run ?? '';
    const [, line = ''] = / gate (.*)$/.exec(run) ?? [];
    const args = line.replaceAll(/"\$(\w+)"/g, (_, name: string) => workflow.env[name] ?? '').split(' ');
    const called: unknown[] = [];
    const command = gateCommand()
      .exitOverride()
      .action((...values: unknown[]) => {
        called.push(...values.slice(0, 3));
      });
    await command.parseAsync(args, { from: 'user' });
    const { AGENT, SERVICE } = workflow.env;
    expect(called).toEqual([AGENT, 'level-up', { url: SERVICE, timeout: 30 }]);
  });
});
