/**
 * Settings that say how the server runs. The others may hold what nobody may read: the password of a replica's
 * connection, what an application keeps under a name of its own (`app.jwt_secret`).
 */
const HARMLESS = new Set(
  `application_name block_size bytea_output client_encoding client_min_messages cpu_tuple_cost cursor_tuple_fraction
  data_checksums datestyle deadlock_timeout default_statistics_target default_table_access_method default_tablespace
  default_text_search_config default_transaction_deferrable default_transaction_isolation default_transaction_read_only
  effective_cache_size effective_io_concurrency extra_float_digits idle_in_transaction_session_timeout idle_session_timeout
  in_hot_standby integer_datetimes intervalstyle is_superuser jit lc_collate lc_ctype lc_messages lc_monetary lc_numeric
  lc_time lock_timeout maintenance_work_mem max_connections max_parallel_workers max_parallel_workers_per_gather
  max_worker_processes port random_page_cost role search_path segment_size seq_page_cost server_encoding server_version
  server_version_num session_authorization shared_buffers standard_conforming_strings statement_timeout temp_buffers
  timezone transaction_deferrable transaction_isolation transaction_read_only transaction_timeout wal_level work_mem
  xmlbinary xmloption`.split(/\s+/),
);

export function settingIsHarmless(name: string): boolean {
  return HARMLESS.has(name.toLowerCase());
}
