import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Jest cannot load packages that require Nest 12, which is ESM, before Node 24.9. Node itself can. */
describe('packages that propagate transactions by the calling context', () => {
  it('are supported', async () => {
    const script = 'test/e2e/host/ambient-transactions.ts';
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      '@swc-node/register/esm-register',
      '--test-reporter=tap',
      script,
    ]).catch((error: unknown) => error as { stdout: string });
    expect(stdout).toContain('# pass 8');
    expect(stdout).toContain('# fail 0');
  }, 120_000);
});
