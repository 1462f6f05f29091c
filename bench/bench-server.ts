import { startTestCluster, type TestCluster } from '../test/support/test-cluster.js';
import { BenchDatabase } from './bench-database.js';

const MAINTENANCE_DATABASE = 'postgres';
const EMPTY_TEMPLATE = 'template1';

/** A throw-away PostgreSQL with fsync on, so on disk. */
export class BenchServer {
  private readonly opened: BenchDatabase[] = [];

  private constructor(
    private readonly cluster: TestCluster,
    readonly maintenance: BenchDatabase,
  ) {}

  /** @param settings configuration parameters that are to differ from those of every test cluster */
  static async start(settings: Record<string, string>): Promise<BenchServer> {
    // VACUUM and CHECKPOINT come when nothing is measured (BenchDatabase.tidy): autovacuum would come whenever it likes.
    const cluster = await startTestCluster({ durable: true, settings: { autovacuum: 'off', ...settings } });
    try {
      return new BenchServer(cluster, await BenchDatabase.open(cluster.url, MAINTENANCE_DATABASE));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Makes a database that others can be copies of. */
  async createTemplate(name: string, fill: (database: BenchDatabase) => Promise<void>): Promise<void> {
    await this.maintenance.query(`CREATE DATABASE ${name}`);
    const template = await BenchDatabase.open(this.cluster.url, name);
    try {
      await fill(template);
    } finally {
      await template.close();
    }
  }

  async createDatabase(name: string, template = EMPTY_TEMPLATE): Promise<BenchDatabase> {
    await this.maintenance.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
    const database = await BenchDatabase.open(this.cluster.url, name);
    this.opened.push(database);
    return database;
  }

  async stop(): Promise<void> {
    for (const database of [...this.opened, this.maintenance]) await database.close();
    await this.cluster.stop();
  }
}
