import { type DynamicModule, Module } from '@nestjs/common';
import { mountOn } from '../http/controllers/index.js';
import { LegacyAgentCustodyController } from './legacy-agent-custody.controller.js';
import { LegacyCustodyController } from './legacy-custody.controller.js';
import { LegacyCustodyQueries } from './legacy-custody.queries.js';
import { LegacyTestsController } from './legacy-tests.controller.js';

/** The paths and response shapes of the old backend. No other module depends on it. */
@Module({})
export class LegacyCustodyModule {
  /**
   * Creates the module.
   *
   * @param options `custody`: the result of `forRoot` or `forRootAsync` of CustodyModule. `prefix`: prefix of the paths,
   *   default `api`
   */
  static forRoot(options: { custody: DynamicModule; prefix?: string }): DynamicModule {
    const { custody, prefix = 'api' } = options;
    return {
      module: LegacyCustodyModule,
      imports: [custody],
      controllers: mountOn({ prefix }, [LegacyCustodyController, LegacyAgentCustodyController, LegacyTestsController]),
      providers: [LegacyCustodyQueries],
    };
  }
}
