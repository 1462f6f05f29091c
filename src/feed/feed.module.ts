import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
} from '@nestjs/common';
import { StillAllowed } from '../auth/index.js';
import { mountOn } from '../http/controllers/index.js';
import { AgentFeed } from './agent-feed.js';
import { FeedController } from './api/feed.controller.js';
import { FeedLoop } from './feed-loop.js';
import { FEED_SETTINGS, type FeedOptions, toFeedSettings } from './options.js';
import { Sequencer } from './sequence/sequencer.js';

/** Structure of the module, which must be known before its options. */
export interface FeedExtras {
  /** The AgentMetricsModule of the agents: the result of its `forRoot` or `forRootAsync`. */
  metrics: DynamicModule;
  /**
   * Whether the module serves `GET /api/feed`, and the prefix of its path. Default: false. Default prefix: `api`. Access: see the
   * option `access` of AgentMetricsModule.
   */
  controllers?: boolean | { prefix?: string } | undefined;
  /** Whether other modules can use AgentFeed without importing this module. Default: false. */
  isGlobal?: boolean | undefined;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<FeedOptions>()
  .setClassMethodName('forRoot')
  .setExtras<FeedExtras>(
    { metrics: undefined as never, controllers: undefined, isGlobal: undefined },
    (definition, { metrics, controllers, isGlobal = false }) => ({
      ...definition,
      global: isGlobal,
      imports: [...(definition.imports ?? []), metrics],
      controllers: mountOn(controllers, [FeedController]),
    }),
  )
  .build();

/** The feed of the events of all agents. Exports AgentFeed. Uses the database only while there are readers. */
@Module({
  providers: [
    { provide: FEED_SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: toFeedSettings },
    AgentFeed,
    FeedLoop,
    Sequencer,
    StillAllowed,
  ],
  exports: [AgentFeed],
})
export class FeedModule {
  /** Creates the module for the agents of an AgentMetricsModule. */
  static forRoot(options: FeedOptions & FeedExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: FeedModule };
  }

  /** Creates the module with options that are provided: `useFactory` with `inject`, `useClass` or `useExisting`. */
  static forRootAsync(options: ConfigurableModuleAsyncOptions<FeedOptions> & FeedExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: FeedModule };
  }
}
