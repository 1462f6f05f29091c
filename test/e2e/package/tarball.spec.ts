import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packPackage, type PackedPackage } from '../../support/packed-package.js';

const ALLOWED = [
  /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md)$/,
  /^docs\/(adr\/)?[\w-]+\.md$/,
  /^dist\/src\/(?!.*\.spec\.)[\w/.-]+\.(js|js\.map|d\.ts)$/,
];
/** Only the service uses these, and their packages are not dependencies of the library. */
const SERVICE_ONLY = /^dist\/src\/(main|app\.module|bootstrap\/|health\/|http\/server\/|telemetry\/|workers\/)/;
/** An ESM-only package: TypeScript's node10 resolution has no exports, and CommonJS requires it as ESM. */
const NOT_FOR_ESM_ONLY = ['node10', 'node16-cjs'];
const LINK = /\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g;
const IMPORT = /(?:^(?:import|export|\}) .*?from |^import |\bimport\()'([^']+)'/gm;

let folder: string;
let packed: PackedPackage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-tarball-'));
  packed = await packPackage(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** The specifiers of a file's imports. */
async function findImports(file: string): Promise<string[]> {
  return [...(await readFile(file, 'utf8')).matchAll(IMPORT)].map(([, specifier = '']) => specifier);
}

/** Names of the packages that the files import. */
async function findImportedPackages(files: readonly string[]): Promise<string[]> {
  const specifiers = (await Promise.all(files.map(findImports))).flat();
  const packages = specifiers.filter((specifier) => !/^(\.|node:)/.test(specifier));
  return [...new Set(packages.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')))];
}

describe('the tarball', () => {
  it('contains the build, the documentation, and nothing else', () => {
    expect(packed.files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(packed.files.filter((file) => SERVICE_ONLY.test(file))).toEqual([]);
    expect(packed.files).toEqual(expect.arrayContaining(['dist/src/index.js', 'dist/src/index.d.ts', 'LICENSE']));
  });

  it('contains the files that its modules import', async () => {
    const modules = packed.files.filter((name) => name.endsWith('.js'));
    const imported = await Promise.all(
      modules.map(async (file) =>
        (await findImports(file)).filter((path) => path.startsWith('.')).map((path) => join(dirname(file), path)),
      ),
    );
    const missing = imported.flat().filter((file) => !packed.files.includes(file));
    expect(imported.flat().length).toBeGreaterThan(modules.length);
    expect(missing).toEqual([]);
  });

  it('contains the files that its README links to', async () => {
    const links = [...(await readFile('README.md', 'utf8')).matchAll(LINK)].map(([, path = '']) => path);
    expect(links.filter((path) => !packed.files.includes(path))).toEqual([]);
  });

  it('imports only packages that it declares', async () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      await readFile('package.json', 'utf8'),
    ) as Record<'dependencies' | 'peerDependencies' | 'peerDependenciesMeta', Record<string, unknown>>;
    const optional = Object.keys(peerDependenciesMeta);
    const required = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !optional.includes(name));
    const modules = packed.files.filter((file) => file.endsWith('.js'));
    const declarations = packed.files.filter((file) => file.endsWith('.d.ts'));
    const imported = await findImportedPackages(modules);
    expect(imported.filter((name) => ![...required, 'lvlup-embedded-postgres'].includes(name))).toEqual([]);
    const typesOnly = await findImportedPackages(declarations);
    const known = [...required, ...optional, 'lvlup-embedded-postgres'];
    expect(typesOnly.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has no faults that publint finds', async () => {
    const tarball = await readFile(packed.tarball);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has declarations that resolve wherever ESM does', async () => {
    const checked = await checkPackage(createPackageFromTarballData(await readFile(packed.tarball)));
    if (checked.types === false) throw new Error('the package has no types');
    const problems = checked.problems.filter(
      (problem) => !('resolutionKind' in problem && NOT_FOR_ESM_ONLY.includes(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
  });
});
