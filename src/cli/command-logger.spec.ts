import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CommandLogger } from './command-logger.js';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('CommandLogger', () => {
  it('leaves stdout to the result of the command', () => {
    const written = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      jest.spyOn(process[stream], 'write').mockImplementation((text) => {
        written[stream] += String(text);
        return true;
      });
    }
    const logger = new CommandLogger();
    logger.error('an error', new Error('its cause').stack);
    logger.warn('a warning', 'a context');
    logger.log('a line');
    expect(written.stdout).toBe('');
    expect(written.stderr).toMatch(/an error[^]*its cause[^]*a warning/);
    expect(written.stderr).not.toContain('a line');
  });
});
