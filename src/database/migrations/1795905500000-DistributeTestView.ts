import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  selectContributions,
  selectDistributedContributions,
  voidedBy,
  voidedByDistributed,
} from './contribution-statements.js';

/**
 * The view `agent_tests`, from which `rebuild_rollups()` and `verify` compute the rollups, in a form that Citus executes. Its
 * rows are the same.
 */
export class DistributeTestView1795905500000 implements MigrationInterface {
  readonly name = 'DistributeTestView1795905500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE OR REPLACE VIEW "agent_tests" AS${selectDistributedContributions('agent_events event', 1)}
                    UNION ALL${selectDistributedContributions(voidedByDistributed('', 'agent_events'), -1)}
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE OR REPLACE VIEW "agent_tests" AS${selectContributions('agent_events event', 1)}
                    UNION ALL${selectContributions(voidedBy('', 'agent_events'), -1)}
        `);
  }
}
