import { describe, expect, it } from '@jest/globals';

import { runProgram } from './program.js';

describe('runProgram', () => {
  it('returns the exit code and the output of both streams', async () => {
    const result = await runProgram('/bin/sh', ['-c', 'echo one; echo two >&2; exit 3']);
    expect(result.exitCode).toBe(3);
    expect(result.output.split('\n').sort()).toEqual(['one', 'two']);
  });

  it('rejects if the program is missing or not executable', async () => {
    await expect(runProgram('/missing/program', [])).rejects.toThrow('/missing/program could not be started: spawn');
    await expect(runProgram('/etc/passwd', [])).rejects.toThrow('/etc/passwd could not be started: spawn');
  });

  it('kills a program that exceeds the time limit', async () => {
    await expect(runProgram('/bin/sleep', ['30'], { limitSeconds: 0.2 })).rejects.toThrow('did not end within 0.2 s');
  });

  it('does not wait for a descendant that keeps the output open', async () => {
    const { output } = await runProgram('/bin/sh', ['-c', 'sleep 60 & echo $!'], { limitSeconds: 30 });
    const descendant = Number(output);
    expect(process.kill(descendant, 0)).toBe(true);
    process.kill(descendant, 'SIGKILL');
  });

  it('removes the environment variables of PostgreSQL', async () => {
    process.env['PGPORT'] = '1';
    try {
      const { output } = await runProgram('/bin/sh', ['-c', 'echo "port=$PGPORT"']);
      expect(output).toBe('port=');
    } finally {
      delete process.env['PGPORT'];
    }
  });
});
