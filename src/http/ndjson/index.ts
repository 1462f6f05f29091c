export { AcceptsNdjson, getBodyStream, isAcceptedNdjson, isNdjson, NDJSON } from './accepts-ndjson.decorator.js';
export { passNdjson } from './pass-ndjson.js';
export { LINE_MAX_BYTES, type ParsedLine, readLines } from './read-lines.js';
