/** Which folder may import which. Dependencies point one way: see docs/architecture.md. */
const layers = {
  progression: [],
  common: [],
  config: ['progression'],
  logging: ['config'],
  'http/access': [],
  'http/exchange': [],
  'http/openapi': ['http/access'],
  'http/problems': ['common', 'http/exchange'],
  'http/controllers': ['auth', 'common', 'http/exchange', 'http/problems', 'http/validation'],
  'http/validation': ['common'],
  'http/parameters': ['common', 'http/problems', 'http/validation', 'progression'],
  'http/server': ['common', 'config', 'http/access', 'http/exchange', 'http/openapi', 'http/problems'],
  'database/values': [],
  'database/storage': ['database/client', 'database/migrations', 'database/transactions'],
  'database/migrations': [],
  'database/errors': ['common'],
  'database/client': ['common', 'config', 'database/errors'],
  'database/transactions': ['common', 'database/client', 'database/errors'],
  'database/schema': ['common', 'config', 'database/client', 'database/errors', 'database/migrations'],
  'database/server': ['common', 'config', 'database/client', 'database/errors'],
  auth: ['common', 'config', 'database', 'http/access', 'http/exchange', 'http/problems'],
  rollups: ['common', 'database', 'progression'],
  ledger: ['common', 'database', 'progression', 'rollups'],
  'agent-metrics': ['auth', 'common', 'database', 'http', 'ledger', 'progression', 'rollups'],
  custody: ['agent-metrics', 'common', 'database', 'http', 'progression', 'rollups'],
  'legacy-custody': ['agent-metrics', 'common', 'custody', 'database', 'http', 'progression', 'rollups'],
  verification: ['agent-metrics', 'common', 'config', 'database', 'ledger', 'progression', 'rollups'],
  'self-check': ['agent-metrics', 'common', 'custody', 'verification'],
  'legacy-migration': ['agent-metrics', 'common', 'config', 'database', 'ledger', 'progression', 'verification'],
  transfer: [
    'agent-metrics',
    'common',
    'config',
    'database',
    'http',
    'ledger',
    'progression',
    'rollups',
    'verification',
  ],
  distribution: ['database'],
  health: ['common', 'config', 'database', 'http'],
  telemetry: ['agent-metrics', 'common', 'config', 'database', 'http', 'ledger', 'progression', 'rollups'],
};

/** Packages that only the service needs. The library and the CLI commands may import their types. */
const servicePackages = Object.keys(require('./packages/service/package.json').dependencies);

/** A module is a folder of src, or a folder of src/http or src/database. */
const MODULE = '(http/[^/]+|database/[^/]+|[^/]+)';

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports`,
  comment: `src/${layer} may import ${allowed.join(', ') || 'no other module'} only`,
  severity: 'error',
  from: { path: `^src/${layer}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[layer, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'public-api',
      comment: 'Other modules import the index.ts of a module, which names its public API',
      severity: 'error',
      from: { path: `^src/${MODULE}/`, pathNot: '\\.spec\\.ts$' },
      to: { path: `^src/${MODULE}/`, pathNot: ['^src/$1/', `^src/${MODULE}/index\\.ts$`] },
    },
    {
      name: 'public-api-of-the-application',
      comment: 'The same for the files of src itself and for ormconfig.ts',
      severity: 'error',
      from: { path: '^(src/[^/]+|ormconfig)\\.ts$' },
      to: { path: `^src/${MODULE}/`, pathNot: `^src/${MODULE}/index\\.ts$` },
    },
    {
      name: 'nothing-imports-cli',
      comment: 'Nothing imports the commands',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'pure-progression',
      comment: 'The rules import neither Nest nor TypeORM nor any other package',
      severity: 'error',
      from: { path: '^src/progression/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/progression/' },
    },
    {
      name: 'pure-custody-rules',
      comment: 'The rules of custody import progression only',
      severity: 'error',
      from: { path: '^src/custody/rules/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/(custody/rules|progression)/' },
    },
    {
      name: 'pure-legacy-migration-rules',
      comment: 'The result of a legacy row depends on the row and the rules alone',
      severity: 'error',
      from: { path: '^src/legacy-migration/rules/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/(legacy-migration/rules|progression|common)/' },
    },
    {
      name: 'embedded-alone',
      comment: 'The package is independent of the service',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(src|test|bench|deploy|swagger-plugin|ormconfig)' },
    },
    {
      name: 'embedded-by-name',
      comment: 'The service imports the package by its name, without /testing',
      severity: 'error',
      from: { path: '^(src/|ormconfig)' },
      to: { path: '^packages/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'embedded-without-testing',
      comment: 'What is for tests stays out of the service',
      severity: 'error',
      from: { path: '^(src/|ormconfig)' },
      to: { path: '^packages/', pathNot: '^packages/embedded-postgres/(src|dist)/index\\.' },
    },
    {
      name: 'embedded-on-demand',
      comment: 'The package may be absent: types aside, only a dynamic import below src/database/ loads it',
      severity: 'error',
      from: { path: '^(src/|ormconfig)' },
      to: { path: '^packages/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'embedded-in-one-place',
      comment: 'The package is loaded where the database server is chosen',
      severity: 'error',
      from: { path: '^(src/|ormconfig)', pathNot: '^src/database/' },
      to: { path: '^packages/' },
    },
    {
      name: 'repositories-below-services',
      comment: 'Repositories and queries import no controller and no service',
      severity: 'error',
      from: { path: '\\.(repository|queries|entity)\\.ts$' },
      to: { path: '\\.(controller|service)\\.ts$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/', pathNot: '\\.(spec|d)\\.ts$' }, to: {} },
    {
      name: 'no-dev-dependencies',
      comment: 'Production code imports production dependencies only',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        pathNot: ['node_modules/@types', `node_modules/(${servicePackages.join('|')})/`],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
