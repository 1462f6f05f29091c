/** Which folder may import which. Dependencies point one way: see docs/architecture.md. */
const layers = {
  progression: [],
  config: ['progression'],
  common: ['progression', 'config'],
  database: ['common', 'config', 'progression'],
  auth: ['common', 'config', 'database'],
  ledger: ['common', 'config', 'database', 'progression', 'rollups'],
  rollups: ['common', 'config', 'database', 'progression'],
  'agent-metrics': ['common', 'config', 'database', 'ledger', 'progression', 'rollups'],
  custody: ['agent-metrics', 'common', 'config', 'database', 'progression', 'rollups'],
  verification: ['agent-metrics', 'common', 'config', 'database', 'ledger', 'progression', 'rollups'],
  'operations-check': ['agent-metrics', 'common', 'custody', 'verification'],
  takeover: ['agent-metrics', 'common', 'config', 'database', 'ledger', 'progression', 'rollups', 'verification'],
  transfer: ['agent-metrics', 'common', 'config', 'database', 'ledger', 'progression', 'rollups', 'verification'],
  distribution: ['database'],
  health: ['common', 'config', 'database'],
  http: ['common', 'config'],
  telemetry: ['agent-metrics', 'common', 'config', 'database', 'http', 'ledger', 'progression', 'rollups'],
};

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports`,
  comment: `src/${layer} may import ${allowed.join(', ') || 'nothing of ours'} only`,
  severity: 'error',
  from: { path: `^src/${layer}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[layer, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'nothing-imports-cli',
      comment: 'The commands use everything, and nothing uses them',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'pure-progression',
      comment: 'The rules know neither Nest nor TypeORM, nor anything else from outside',
      severity: 'error',
      from: { path: '^src/progression/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/progression/' },
    },
    {
      name: 'pure-custody-rules',
      comment: 'The rules of custody know neither Nest nor TypeORM nor the clock, and nothing of ours but progression',
      severity: 'error',
      from: { path: '^src/custody/rules/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/(custody/rules|progression)/' },
    },
    {
      name: 'pure-takeover-rules',
      comment: 'What is made of an old row depends on the row and the rules alone',
      severity: 'error',
      from: { path: '^src/takeover/rules/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/(takeover/rules|progression)/|^src/common/(json-text|parse-json)' },
    },
    {
      name: 'embedded-alone',
      comment: 'The embedded server knows nothing else of ours: it also runs where only its own folder is installed',
      severity: 'error',
      from: { path: '^src/database/embedded/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/database/embedded/' },
    },
    {
      name: 'repositories-below-services',
      comment: 'Repositories and queries know no controller and no service',
      severity: 'error',
      from: { path: '\\.(repository|queries|entity)\\.ts$' },
      to: { path: '\\.(controller|service)\\.ts$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/', pathNot: '\\.spec\\.ts$' }, to: {} },
    {
      name: 'no-dev-dependencies',
      comment: 'What runs in production is a dependency',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: ['node_modules/@types'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
