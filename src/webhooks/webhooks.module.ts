import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
} from '@nestjs/common';
import { mountOn } from '../http/controllers/index.js';
import { WebhooksController } from './api/webhooks.controller.js';
import { DeliveryServices } from './delivery/delivery-services.js';
import { WebhookSender } from './delivery/sender.js';
import { WebhookDispatcher } from './delivery/webhook-dispatcher.js';
import { Lapses } from './messages/lapses.js';
import { toWebhookSettings, WEBHOOK_SETTINGS, type WebhooksOptions } from './options.js';
import { WebhookEndpoints } from './webhook-endpoints.service.js';

/** Structure of the module, which must be known before its options. */
export interface WebhooksExtras {
  /** The CustodyModule of the agents: the result of its `forRoot` or `forRootAsync`. */
  custody: DynamicModule;
  /** The FeedModule of the agents: the result of its `forRoot` or `forRootAsync`. */
  feed: DynamicModule;
  /**
   * Whether the module serves `/api/webhooks`, and the prefix of its paths. Default: false. Default prefix: `api`. Access: see
   * the option `access` of AgentMetricsModule.
   */
  controllers?: boolean | { prefix?: string } | undefined;
  /** Whether other modules can use WebhookEndpoints without importing this module. Default: false. */
  isGlobal?: boolean | undefined;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<WebhooksOptions>()
  .setClassMethodName('forRoot')
  .setExtras<WebhooksExtras>(
    { custody: undefined as never, feed: undefined as never, controllers: undefined, isGlobal: undefined },
    (definition, { custody, feed, controllers, isGlobal = false }) => ({
      ...definition,
      global: isGlobal,
      imports: [...(definition.imports ?? []), custody, feed],
      controllers: mountOn(controllers, [WebhooksController]),
    }),
  )
  .build();

/** Webhooks: messages about agents, sent to endpoints. Exports WebhookEndpoints. */
@Module({
  providers: [
    { provide: WEBHOOK_SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: toWebhookSettings },
    WebhookEndpoints,
    WebhookDispatcher,
    WebhookSender,
    DeliveryServices,
    Lapses,
  ],
  exports: [WebhookEndpoints],
})
export class WebhooksModule {
  /** Creates the module for the agents of a CustodyModule and a FeedModule. */
  static forRoot(options: WebhooksOptions & WebhooksExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: WebhooksModule };
  }

  /** Creates the module with options that are provided: `useFactory` with `inject`, `useClass` or `useExisting`. */
  static forRootAsync(options: ConfigurableModuleAsyncOptions<WebhooksOptions> & WebhooksExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: WebhooksModule };
  }
}
