import type { TestDatabase } from './test-database.js';

/**
 * As much of Citus as a test on one server can have: its functions as far as they are called, which refuse what Citus 13.2
 * refuses, and the catalogue that tells its tables from others. The rows stay where they are. A trigger also refuses what Citus
 * executes slowly: writes that name no agents, which it sends to all shards, and rows from a function, which it copies to
 * each shard.
 */
const STAND_IN = `
  CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partkey text NOT NULL, colocated_with regclass);

  CREATE TABLE pg_dist_node (nodename text, nodeport integer, isactive boolean, noderole text, shouldhaveshards boolean);
  INSERT INTO pg_dist_node VALUES ('coordinator', 5432, true, 'primary', false), ('worker-1', 5432, true, 'primary', true);

  CREATE FUNCTION citus_total_relation_size(relation regclass) RETURNS bigint LANGUAGE sql AS
    'SELECT pg_total_relation_size(relation)';
  CREATE FUNCTION run_command_on_shards(relation regclass, command text)
  RETURNS TABLE (shardid bigint, success boolean, result text) LANGUAGE plpgsql AS $$
    BEGIN
      shardid := 102008;
      success := true;
      EXECUTE format(command, relation) INTO result;
      RETURN NEXT;
    END $$;

  CREATE FUNCTION require_few_shards() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      statement CONSTANT text := current_query();
    BEGIN
      IF statement ~* 'INSERT\\s+INTO' THEN
        IF statement ~* 'FROM\\s+(json_populate_recordset|unnest)' THEN RAISE 'copied to each shard of %: %', TG_RELID::regclass, statement; END IF;
      ELSIF statement !~* 'agent_type\\s*=\\s*(ANY\\s*\\()?(\\$\\d|'')' AND statement !~ 'rebuild_rollups' THEN
        RAISE 'sent to all shards of %: %', TG_RELID::regclass, statement;
      END IF;
      RETURN NULL;
    END $$;

  CREATE FUNCTION create_distributed_table(relation regclass, distribution_column text, colocate_with text DEFAULT NULL)
  RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      found text;
    BEGIN
      SELECT indexrelid::regclass INTO found FROM pg_index
       WHERE indrelid = relation AND indisunique
         AND NOT EXISTS (SELECT FROM pg_attribute
                          WHERE attrelid = relation AND attnum = ANY(indkey) AND attname = distribution_column);
      IF found IS NOT NULL THEN RAISE 'creating unique indexes on non-partition columns is currently unsupported: %', found; END IF;
      SELECT tgname INTO found FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal;
      IF found IS NOT NULL THEN RAISE 'cannot distribute relation "%" because it has triggers: %', relation, found; END IF;
      INSERT INTO pg_dist_partition VALUES (relation, distribution_column, colocate_with::regclass);
      EXECUTE format('CREATE TRIGGER require_few_shards BEFORE INSERT OR UPDATE OR DELETE ON %s EXECUTE FUNCTION require_few_shards()', relation);
    END $$;

  CREATE FUNCTION truncate_local_data_after_distributing_table(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = relation) THEN
        RAISE 'supplied parameter is not a distributed relation';
      END IF;
    END $$;`;

/** Makes this database look as if the extension were installed. */
export async function installCitusStandIn(database: TestDatabase): Promise<void> {
  await database.query(STAND_IN);
  // The test's own connection is not one of the service.
  await database.query("SET application_name = 'psql'");
}
