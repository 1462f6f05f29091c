export { byteaText } from './bytea.js';
export { isSayableTime, jsonList, nearestSayableTime, RECENT_SCORE, sayableTime } from './odd-values.js';
export { RowsAtOnce } from './rows-at-once.js';
