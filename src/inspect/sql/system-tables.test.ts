import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from './testing/facts.ts';
import type { SqlDialect } from '../../model/facts.ts';

function systemTables(dialect: SqlDialect, text: string): readonly string[] {
  return factsOf(dialect, text).systemTables;
}

test('tables of the engine itself are named unless they are known to be harmless, wherever they stand', () => {
  const secrets: Readonly<Record<SqlDialect, string>> = {
    postgres: `pg_authid pg_shadow pg_user pg_roles pg_user_mapping pg_user_mappings pg_catalog.pg_user_mappings
      information_schema.user_mapping_options information_schema.foreign_server_options pg_hba_file_rules pg_file_settings
      pg_ident_file_mappings pg_settings pg_db_role_setting pg_stats pg_statistic pg_stats_ext pg_stats_ext_exprs
      pg_statistic_ext_data pg_stat_activity pg_stat_statements pg_stat_replication pg_prepared_statements pg_cursors
      pg_subscription pg_foreign_server pg_largeobject pg_toast.pg_toast_1234 pg_temp_3.x pg_replication_slots pg_made_up
      other_database.pg_catalog.pg_authid`,
    mysql: `mysql.user mysql.global_priv mysql.db mysql.proxies_priv mysql.servers mysql.column_stats mysql.innodb_table_stats
      information_schema.processlist information_schema.user_variables information_schema.innodb_trx
      information_schema.column_statistics INFORMATION_SCHEMA.PROCESSLIST performance_schema.events_statements_history
      performance_schema.threads performance_schema.tables sys.session sys.processlist mysql.made_up mysql.columns`,
    sqlite:
      'sqlite_stat4 sqlite_stat3 sqlite_dbpage main.sqlite_dbpage sqlite_stmt fsdir zipfile SQLITE_DBPAGE',
    sqlserver: `sys.sql_logins sys.server_principals sys.dm_exec_sessions sys.dm_exec_query_stats master..syslogins
      dbo.sysusers sys.credentials sys.linked_logins msdb.dbo.sysjobs sys.configurations`,
  };
  const dialects = ['postgres', 'mysql', 'sqlite', 'sqlserver'] as const;
  for (const dialect of dialects) {
    for (const table of secrets[dialect].split(/\s+/)) {
      if (dialect === 'sqlserver' && table.includes('..')) continue;
      for (const text of [
        `SELECT 1 FROM ${table}`,
        `WITH q AS (SELECT x FROM ${table}) SELECT x FROM q`,
        `SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM ${table} AS y)`,
      ])
        assert.deepEqual(systemTables(dialect, text), [table.toLowerCase()], `${dialect}: ${text}`);
    }
  }
});

test('what says how the database is built is harmless, and so are everybody else their own tables', () => {
  const harmless: Readonly<Record<SqlDialect, string>> = {
    postgres: `pg_class pg_catalog.pg_attribute information_schema.columns pg_stat_user_tables pg_indexes customers
      public.pg_authid2 crm.user`,
    mysql:
      'information_schema.tables information_schema.statistics mysql.time_zone_name customers shop.user user',
    sqlite: 'sqlite_master sqlite_schema main.sqlite_master sqlite_sequence dbstat customers',
    sqlserver: 'sys.tables information_schema.columns dbo.customers customers',
  };
  for (const dialect of ['postgres', 'mysql', 'sqlite', 'sqlserver'] as const) {
    for (const table of harmless[dialect].split(/\s+/))
      assert.deepEqual(systemTables(dialect, `SELECT 1 FROM ${table}`), [], `${dialect}: ${table}`);
  }
});

test('SHOW, DESCRIBE and functions that read such a table name it, too', () => {
  const cases: readonly [SqlDialect, string, string][] = [
    ['postgres', 'SHOW ALL', 'pg_settings'],
    ['postgres', 'SHOW primary_conninfo', 'pg_settings'],
    ['postgres', 'SHOW app.jwt_secret', 'pg_settings'],
    ['postgres', "SELECT current_setting('app.jwt_secret')", 'pg_settings'],
    ['postgres', "SELECT pg_catalog.current_setting('app.' || 'jwt_secret', true)", 'pg_settings'],
    ['postgres', 'SELECT current_setting(x) FROM t', 'pg_settings'],
    ['mysql', 'SHOW GRANTS', 'mysql.user'],
    ['mysql', "SHOW GRANTS FOR 'root'", 'mysql.user'],
    ['mysql', 'SHOW CREATE USER root', 'mysql.user'],
    ['mysql', 'SHOW FULL PROCESSLIST', 'information_schema.processlist'],
    ['mysql', 'SHOW VARIABLES', 'information_schema.global_variables'],
    ['mysql', "SHOW GLOBAL VARIABLES LIKE 'report%'", 'information_schema.global_variables'],
    ['mysql', "SHOW VARIABLES LIKE 'r_port_password'", 'information_schema.global_variables'],
    ['mysql', 'SELECT @@report_password', 'information_schema.global_variables'],
    ['mysql', 'SELECT @@GLOBAL.report_password', 'information_schema.global_variables'],
    ['mysql', 'DESCRIBE mysql.user', 'mysql.user'],
    ['mysql', 'SHOW COLUMNS FROM mysql.user', 'mysql.user'],
  ];
  for (const [dialect, text, table] of cases)
    assert.deepEqual(systemTables(dialect, text), [table], `${dialect}: ${text}`);
  for (const [dialect, text] of [
    ['postgres', 'SHOW search_path'],
    ['postgres', "SELECT current_setting('server_version')"],
    ['mysql', "SHOW VARIABLES LIKE 'version%'"],
    ['mysql', 'SELECT @@version, @@global.max_connections'],
    ['sqlserver', 'SELECT @@version'],
  ] as const)
    assert.deepEqual(systemTables(dialect, text), [], `${dialect}: ${text}`);
});
