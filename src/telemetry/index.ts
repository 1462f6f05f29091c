export { TelemetryModule } from './telemetry.module.js';
export type { WorkerMetrics } from './worker-metrics.js';
