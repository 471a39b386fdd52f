/**
 * SQLite's own functions that read nothing but their arguments and the clock, and change nothing; among them the
 * table-valued ones, of which the `pragma_…` ones exist only for pragmas without side effects. Every other one counts
 * as a write: the application or an extension may have added it (`load_extension`, `writefile`, `edit`, `fts3_tokenizer`).
 */
const CALM = new Set(
  `
abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws cos cosh count
cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp extract first_value floor
format generate_series glob group_concat hex highlight if ifnull iif instr json json_array json_array_length json_each
json_error_position json_extract json_group_array json_group_object json_insert json_object json_patch json_pretty
json_quote json_remove json_replace json_set json_tree json_type json_valid jsonb jsonb_array jsonb_extract
jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday
lag last_insert_rowid last_value lead length like likelihood likely ln log log10 log2 lower ltrim max median min mod
nth_value ntile nullif octet_length percent_rank percentile percentile_cont percentile_disc pi position pow power
pragma_collation_list pragma_compile_options pragma_database_list pragma_foreign_key_list pragma_function_list
pragma_index_info pragma_index_list pragma_index_xinfo pragma_module_list pragma_pragma_list pragma_table_info
pragma_table_list pragma_table_xinfo printf quote radians random randomblob rank replace round row_number rtrim sign sin
sinh snippet soundex sqlite_compileoption_get sqlite_compileoption_used sqlite_source_id sqlite_version sqrt strftime
string_agg substr substring subtype sum tan tanh time timediff total total_changes trim trunc typeof unhex unicode
unistr unistr_quote unixepoch unlikely upper zeroblob
`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** What tells how many or which place, never what. */
const DISCLOSES_NOTHING = new Set([
  'count',
  'row_number',
  'rank',
  'dense_rank',
  'percent_rank',
  'cume_dist',
  'ntile',
]);

export function functionIsKnown(name: string): { readonly calm: boolean; readonly discloses: boolean } {
  return { calm: CALM.has(name), discloses: !DISCLOSES_NOTHING.has(name) };
}
