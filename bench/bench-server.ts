import { startTestCluster, type TestCluster } from '../test/support/test-cluster.js';
import { BenchDatabase } from './bench-database.js';
import { prepareAgents } from './prepared-agents.js';

const MAINTENANCE_DATABASE = 'postgres';
const TEMPLATE = 'bench_template';
/** Beside those of a cell: the pools of the services, and the benchmark's own. */
const OTHER_CONNECTIONS = 100;

/** A throw-away PostgreSQL with fsync on, whose databases all begin as copies of one. */
export class BenchServer {
  private readonly opened: BenchDatabase[] = [];

  private constructor(
    private readonly cluster: TestCluster,
    readonly maintenance: BenchDatabase,
  ) {}

  /** @param connections the most that a cell opens */
  static async start(connections: number): Promise<BenchServer> {
    const cluster = await startTestCluster({
      durable: true,
      // Each cell is followed by VACUUM and CHECKPOINT (BenchDatabase.tidy): autovacuum would come whenever it likes.
      settings: { max_connections: String(connections + OTHER_CONNECTIONS), autovacuum: 'off' },
    });
    try {
      const maintenance = await BenchDatabase.open(cluster.url, MAINTENANCE_DATABASE);
      await maintenance.query(`CREATE DATABASE ${TEMPLATE}`);
      const template = await BenchDatabase.open(cluster.url, TEMPLATE);
      await prepareAgents(template);
      await template.close();
      return new BenchServer(cluster, maintenance);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Makes a database with the schema and the prepared agents. */
  async createDatabase(name: string): Promise<BenchDatabase> {
    await this.maintenance.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
    const database = await BenchDatabase.open(this.cluster.url, name);
    this.opened.push(database);
    return database;
  }

  async stop(): Promise<void> {
    for (const database of [...this.opened, this.maintenance]) await database.close();
    await this.cluster.stop();
  }
}
