import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');
const NEST = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');

const INNER = 'export class InnerDto {\n  name!: string;\n}\n';
const OUTER = "import { InnerDto } from './inner.dto.js';\n\nexport class OuterDto {\n  inner!: InnerDto;\n}\n";
const PRINT_TYPE =
  "const { OuterDto } = await import('./dist/src/outer.dto.js');" +
  'console.log(OuterDto._OPENAPI_METADATA_FACTORY().inner.type().name);';

describe('a project in a folder with a non-ASCII name', () => {
  let parent: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'lvlup-build-'));
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));

  it('is built with the types of other files', async () => {
    const cwd = join(parent, 'Jörg, 日本 🎉');
    await mkdir(join(cwd, 'src'), { recursive: true });
    for (const part of ['nest-cli.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'swagger-plugin']) {
      await cp(join(root, part), join(cwd, part), { recursive: true });
    }
    await symlink(join(root, 'node_modules'), join(cwd, 'node_modules'));
    await writeFile(join(cwd, 'src', 'inner.dto.ts'), INNER);
    await writeFile(join(cwd, 'src', 'outer.dto.ts'), OUTER);
    await run(process.execPath, [NEST, 'build'], { cwd });
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', PRINT_TYPE], { cwd });
    expect(stdout.trim()).toBe('InnerDto');
  });
});
