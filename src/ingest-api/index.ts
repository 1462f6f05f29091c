export { serviceRecorder } from './service-recorder.js';
