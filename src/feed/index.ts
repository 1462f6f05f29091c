export { AgentFeed, type FeedRequest } from './agent-feed.js';
export { type FeedExtras, FeedModule } from './feed.module.js';
export type { FeedOptions } from './options.js';
export type { FeedEvent } from './read/feed-event.js';
export type { FeedReader } from './read/feed-reader.js';
export type { FeedPage } from './read/feed-statements.js';
export { FeedGap } from './store/feed-gap.entity.js';
export { FeedSegment } from './store/feed-segment.entity.js';
export { FeedState } from './store/feed-state.entity.js';
