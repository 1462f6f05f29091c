import { describe, expect, it } from '@jest/globals';

import { runProgram } from './program.js';

describe('runProgram', () => {
  it('returns the exit code and what was written to both streams', async () => {
    const result = await runProgram('/bin/sh', ['-c', 'echo one; echo two >&2; exit 3']);
    expect(result.exitCode).toBe(3);
    expect(result.output.split('\n').sort()).toEqual(['one', 'two']);
  });

  it('rejects when the program is missing or may not be run', async () => {
    await expect(runProgram('/missing/program', [])).rejects.toThrow('/missing/program could not be run: spawn');
    await expect(runProgram('/etc/passwd', [])).rejects.toThrow('/etc/passwd could not be run: spawn');
  });

  it('ends a program that takes too long', async () => {
    await expect(runProgram('/bin/sleep', ['30'], { limitSeconds: 0.2 })).rejects.toThrow('was not done within 0.2 s');
  });

  it('does not wait for a descendant that keeps the output open', async () => {
    const { output } = await runProgram('/bin/sh', ['-c', 'sleep 60 & echo $!'], { limitSeconds: 30 });
    const descendant = Number(output);
    expect(process.kill(descendant, 0)).toBe(true);
    process.kill(descendant, 'SIGKILL');
  });

  it('keeps PostgreSQL variables that are meant for another server away from the program', async () => {
    process.env['PGPORT'] = '1';
    try {
      const { output } = await runProgram('/bin/sh', ['-c', 'echo "port=$PGPORT"']);
      expect(output).toBe('port=');
    } finally {
      delete process.env['PGPORT'];
    }
  });
});
