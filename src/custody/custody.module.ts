import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
} from '@nestjs/common';
import { mountOn } from '../http/controllers/index.js';
import { CustodyController } from './api/custody.controller.js';
import { CustodyAgentQueries } from './custody-agents.queries.js';
import { CustodyService } from './custody.service.js';
import { Evaluator } from './evaluation/evaluator.js';
import { TestAdministration } from './evaluation/test-administration.service.js';
import { type CustodyOptions, toCustodySettings } from './options.js';
import { CUSTODY_SETTINGS } from './settings.js';

/** Structure of the module, which must be known before its options. */
export interface CustodyExtras {
  /** The AgentMetricsModule of the agents: the result of its `forRoot` or `forRootAsync`. */
  metrics: DynamicModule;
  /**
   * Whether the module serves the REST API, and the prefix of its paths. Default: false. Default prefix: `api`. Access: see
   * the option `access` of AgentMetricsModule.
   */
  controllers?: boolean | { prefix?: string } | undefined;
  /** Whether other modules can use the services and `@RequiresCustody` without importing this module. Default: false. */
  isGlobal?: boolean | undefined;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<CustodyOptions>()
  .setClassMethodName('forRoot')
  .setExtras<CustodyExtras>(
    { metrics: undefined as never, controllers: undefined, isGlobal: undefined },
    (definition, { metrics, controllers, isGlobal = false }) => ({
      ...definition,
      global: isGlobal,
      imports: [...(definition.imports ?? []), metrics],
      controllers: mountOn(controllers, [CustodyController]),
      exports: [...(definition.exports ?? []), metrics],
    }),
  )
  .build();

/**
 * The custody protocol. Modules that use `@RequiresCustody` must import it. Exports CustodyService and the AgentMetricsModule
 * that it uses.
 */
@Module({
  providers: [
    { provide: CUSTODY_SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: toCustodySettings },
    CustodyService,
    CustodyAgentQueries,
    Evaluator,
    TestAdministration,
  ],
  exports: [CustodyService, CustodyAgentQueries, TestAdministration],
})
export class CustodyModule {
  /** Creates the module for the agents of an AgentMetricsModule. */
  static forRoot(options: CustodyOptions & CustodyExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: CustodyModule };
  }

  /** Creates the module with options that are provided: `useFactory` with `inject`, `useClass` or `useExisting`. */
  static forRootAsync(options: ConfigurableModuleAsyncOptions<CustodyOptions> & CustodyExtras): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: CustodyModule };
  }
}
