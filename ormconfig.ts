import { DataSource } from 'typeorm';
import { loadSettings } from './src/config/index.js';
import { ENTITIES } from './src/core/index.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from './src/database/schema/index.js';
import { openDatabaseServer } from './src/database/server/index.js';

/** The data source of TypeORM's command line: of the server that the environment names, or of the embedded one. */
async function dataSource(): Promise<DataSource> {
  const log = (message: string): void => {
    console.error(message);
  };
  const server = await openDatabaseServer(loadSettings(process.env), log, 'join');
  return new DataSource({
    ...buildDataSourceOptions(server.direct, SINGLE_CONNECTION, ENTITIES),
    // What `migration:show` and its like have to say is logged.
    logger: 'advanced-console',
  });
}

export default dataSource();
