/** Shared by all projects: ESM, and TypeScript by swc. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // The sources, so that no test runs on an old build. Processes that tests start use the build.
    '^lvlup-embedded-postgres$': '<rootDir>/packages/embedded-postgres/src/index.ts',
    '^lvlup-embedded-postgres/testing$': '<rootDir>/packages/embedded-postgres/src/testing.ts',
  },
  transform: { '^.+\\.ts$': '@swc/jest' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/packages/[^/]+/dist/'],
};

/** @type {import('jest').Config} */
export default {
  testTimeout: 60_000,
  maxWorkers: '100%',
  // The modules of a test file are not freed with it. A worker with a larger heap is replaced after the file: with 320 MB,
  // its exit takes more than the 500 ms after which Jest reports that it "failed to exit gracefully".
  workerIdleMemoryLimit: '200MB',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,packages/*/src}/**/*.spec.ts', '<rootDir>/{deploy,tools}/**/*.spec.ts'],
    },
    { ...shared, displayName: 'embedded', testMatch: ['<rootDir>/packages/*/test/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'db',
      testMatch: ['<rootDir>/test/db/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
    {
      ...shared,
      displayName: 'crash',
      testMatch: ['<rootDir>/test/crash/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/crash/global-setup.mjs',
      globalTeardown: '<rootDir>/test/crash/global-teardown.mjs',
    },
  ],
};
