import { describe, expect, it } from '@jest/globals';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ASSETS = 'dist/dashboard/assets';
const LIMIT_BYTES = 150_000;

describe('the JavaScript of the dashboard', () => {
  it('has at most 150 kB, compressed with gzip', () => {
    const files = readdirSync(ASSETS).filter((name) => name.endsWith('.js.gz'));
    const bytes = files.reduce((sum, name) => sum + statSync(join(ASSETS, name)).size, 0);
    expect(files.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(LIMIT_BYTES);
  });
});
