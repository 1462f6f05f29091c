/** What the kinds of tests share: ESM, and TypeScript by swc. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
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
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/{deploy,swagger-plugin,tools}/**/*.spec.ts'],
    },
    { ...shared, displayName: 'embedded', testMatch: ['<rootDir>/test/embedded/**/*.spec.ts'] },
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
      displayName: 'crash',
      testMatch: ['<rootDir>/test/crash/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/crash/global-setup.mjs',
      globalTeardown: '<rootDir>/test/crash/global-teardown.mjs',
    },
  ],
};
