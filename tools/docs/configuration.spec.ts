import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SETTING_DESCRIPTIONS } from '../../src/config/setting-descriptions.js';
import { configurationDocument } from './configuration.js';

describe('docs/configuration.md', () => {
  it('is what "npm run docs:configuration" prints', async () => {
    expect(readFileSync('docs/configuration.md', 'utf8')).toBe(await configurationDocument());
  });
});

describe('.env.example', () => {
  it('has every setting', () => {
    const example = readFileSync('.env.example', 'utf8');
    const missing = Object.keys(SETTING_DESCRIPTIONS).filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example));
    expect(missing).toEqual([]);
  });
});
