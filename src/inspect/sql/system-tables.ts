import type { SqlDialect } from '../../model/facts.ts';

/**
 * Of the tables that belong to the engine, those that say how the database is built and how much it is used, and never
 * what is stored in it. Left out on purpose: accounts, options of servers and subscriptions, settings (which hold the
 * passwords of replicas, and what applications keep there), statistics with samples of stored values (`pg_stats`), what
 * other sessions run (`pg_stat_activity`, `processlist`), and pages and large objects as they lie on disk.
 */
const HARMLESS: Readonly<Record<SqlDialect, ReadonlySet<string>>> = {
  postgres: words(`
    pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_available_extension_versions pg_available_extensions pg_cast
    pg_class pg_collation pg_constraint pg_conversion pg_database pg_depend pg_description pg_enum pg_event_trigger pg_extension
    pg_index pg_indexes pg_inherits pg_language pg_locks pg_matviews pg_namespace pg_opclass pg_operator pg_opfamily
    pg_partitioned_table pg_policies pg_policy pg_proc pg_publication pg_publication_rel pg_publication_tables pg_range
    pg_rewrite pg_rules pg_sequence pg_sequences pg_shdepend pg_shdescription pg_stat_all_indexes pg_stat_all_tables
    pg_stat_archiver pg_stat_bgwriter pg_stat_checkpointer pg_stat_database pg_stat_database_conflicts pg_stat_io
    pg_stat_progress_analyze pg_stat_progress_cluster pg_stat_progress_copy pg_stat_progress_create_index
    pg_stat_progress_vacuum pg_stat_slru pg_stat_sys_indexes pg_stat_sys_tables pg_stat_user_functions pg_stat_user_indexes
    pg_stat_user_tables pg_stat_wal pg_statio_all_indexes pg_statio_all_sequences pg_statio_all_tables pg_statio_user_indexes
    pg_statio_user_sequences pg_statio_user_tables pg_statistic_ext pg_tables pg_tablespace pg_timezone_abbrevs
    pg_timezone_names pg_trigger pg_ts_config pg_ts_config_map pg_ts_dict pg_ts_parser pg_ts_template pg_type pg_views
    administrable_role_authorizations applicable_roles attributes character_sets check_constraint_routine_usage
    check_constraints collation_character_set_applicability collations column_column_usage column_domain_usage
    column_privileges column_udt_usage columns constraint_column_usage constraint_table_usage data_type_privileges
    domain_constraints domain_udt_usage domains element_types enabled_roles information_schema_catalog_name key_column_usage
    parameters referential_constraints role_column_grants role_routine_grants role_table_grants role_udt_grants
    role_usage_grants routine_column_usage routine_privileges routine_routine_usage routine_sequence_usage routine_table_usage
    routines schemata sequences sql_features sql_implementation_info sql_parts sql_sizing table_constraints table_privileges
    tables transforms triggered_update_columns triggers udt_privileges usage_privileges user_defined_types view_column_usage
    view_routine_usage view_table_usage views`),
  mysql: words(`
    applicable_roles character_sets check_constraints collation_character_set_applicability collations column_privileges
    columns columns_extensions enabled_roles engines events geometry_columns key_caches key_column_usage keywords parameters
    partitions periods referential_constraints resource_groups role_column_grants role_routine_grants role_table_grants routines
    schema_privileges schemata schemata_extensions sequences spatial_ref_sys sql_functions st_geometry_columns
    st_spatial_reference_systems st_units_of_measure statistics table_constraints table_constraints_extensions
    table_privileges tables tables_extensions tablespaces triggers user_privileges view_routine_usage view_table_usage views`),
  sqlite: words(
    'sqlite_master sqlite_schema sqlite_temp_master sqlite_temp_schema sqlite_sequence sqlite_stat1 dbstat',
  ),
  sqlserver: words(`
    all_columns all_objects all_views allocation_units check_constraints columns computed_columns data_spaces databases
    default_constraints extended_properties filegroups foreign_key_columns foreign_keys fulltext_indexes identity_columns
    index_columns indexes key_constraints objects parameters partition_functions partition_schemes partitions procedures
    schemas sequences stats stats_columns synonyms table_types tables triggers types views
    check_constraints column_domain_usage column_privileges constraint_column_usage constraint_table_usage domain_constraints
    domains key_column_usage parameters referential_constraints routine_columns routines schemata sequences table_constraints
    table_privileges view_column_usage view_table_usage`),
};

/** Schemas that are the engine's own. */
const SCHEMAS: Readonly<Record<SqlDialect, ReadonlySet<string>>> = {
  postgres: words('pg_catalog information_schema pg_toast'),
  mysql: words('mysql information_schema performance_schema sys'),
  sqlite: words(''),
  sqlserver: words('sys information_schema'),
};

/** Tables that SQLite has without anybody having made them, in some of its builds: files and archives. */
const SQLITE_OWN = words('dbstat fsdir lsdir zipfile dbdump bytecode tables_used stmt');

/**
 * The engine's own tables among these: of those that are read, the ones that may hold more than how the database is built,
 * and all that are written.
 */
export function systemTables(
  dialect: SqlDialect,
  read: ReadonlySet<string>,
  written: ReadonlySet<string>,
): readonly string[] {
  const own = [...new Set([...read, ...written])].filter((table) => isTheEngines(dialect, table));
  return own.filter((table) => written.has(table) || !isHarmless(dialect, table)).sort();
}

function isHarmless(dialect: SqlDialect, table: string): boolean {
  const name = table.split('.').at(-1) ?? table;
  const schema = table.split('.').at(-2);
  // The statistics of performance_schema and sys have names like others' and are for administrators.
  if (schema === 'performance_schema' || (dialect === 'mysql' && schema === 'sys')) return false;
  if (schema === 'mysql') return /^(?:time_zone|help)_/.test(name);
  return HARMLESS[dialect].has(name);
}

function isTheEngines(dialect: SqlDialect, table: string): boolean {
  const path = table.split('.');
  const name = path.at(-1) ?? table;
  const schema = path.at(-2);
  switch (dialect) {
    case 'postgres':
      // A bare name is looked up in pg_catalog first.
      return schema === undefined
        ? name.startsWith('pg_')
        : SCHEMAS.postgres.has(schema) || schema.startsWith('pg_');
    case 'sqlite':
      return name.startsWith('sqlite_') || SQLITE_OWN.has(name);
    case 'mysql':
      return schema !== undefined && SCHEMAS.mysql.has(schema);
    case 'sqlserver':
      // `master..sysprocesses`, `dbo.sysusers`: the old names stand in every schema.
      return (
        (schema !== undefined && SCHEMAS.sqlserver.has(schema)) ||
        name.startsWith('sys') ||
        ['master', 'msdb'].includes(path[0] ?? '')
      );
  }
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}
