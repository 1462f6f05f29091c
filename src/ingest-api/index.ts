export { IngestModule } from './ingest.module.js';
export { serviceRecorder } from './service-recorder.js';
