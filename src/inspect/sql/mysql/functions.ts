/**
 * Functions of MySQL and MariaDB that read nothing but their arguments, the clock and the session, and change nothing.
 * Every other one counts as a write: it may be stored in the database, or be loaded into the server.
 *
 * Left out on purpose: `sleep`, `benchmark`, `get_lock` and its kin, which hold others up; `load_file`; `last_insert_id`
 * and `rand` with an argument are left in, for they touch nothing that outlives the session but its own counter.
 */
const CALM = new Set(
  `
abs acos adddate addtime aes_decrypt aes_encrypt any_value ascii asin atan atan2 avg bin bin_to_uuid bit_and bit_count
bit_length bit_or bit_xor cast ceil ceiling char char_length character_length charset chr coalesce coercibility
collation compress concat concat_ws connection_id conv convert convert_tz cos cot count crc32 crc32c cume_dist curdate
current_date current_role current_time current_timestamp current_user curtime database date date_add date_format date_sub
datediff day dayname dayofmonth dayofweek dayofyear decode_oracle default degrees dense_rank elt exp export_set extract
extractvalue field find_in_set first_value floor format format_bytes found_rows from_base64 from_days from_unixtime
geomfromtext get_format greatest group_concat grouping hex hour if ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa
insert instr interval is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 is_uuid isnull json_array json_array_append
json_array_insert json_arrayagg json_compact json_contains json_contains_path json_depth json_detailed json_equals
json_exists json_extract json_insert json_keys json_length json_loose json_merge json_merge_patch json_merge_preserve
json_normalize json_object json_objectagg json_overlaps json_pretty json_query json_quote json_remove json_replace
json_search json_set json_storage_size json_table json_type json_unquote json_valid json_value lag last_day
last_insert_id last_value lcase lead least left length length_oracle ln localtime localtimestamp locate log log10 log2
lower lpad ltrim make_set makedate maketime max md5 median microsecond mid min minute mod month monthname
natural_sort_key now nth_value ntile nullif nvl nvl2 oct octet_length ord percent_rank percentile_cont percentile_disc
period_add period_diff pi position pow power quarter quote radians rand random_bytes rank regexp_instr regexp_like
regexp_replace regexp_substr repeat replace reverse right round row row_count row_number rpad rtrim schema sec_to_time
second session_user sformat sha sha1 sha2 sign sin soundex space sqrt st_area st_asgeojson st_astext st_contains
st_distance st_distance_sphere st_geomfromtext st_intersects st_within st_x st_y std stddev stddev_pop stddev_samp
str_to_date strcmp subdate substr substring substring_index subtime sum sysdate system_user tan time time_format
time_to_sec timediff timestamp timestampadd timestampdiff to_base64 to_char to_days to_seconds trim truncate ucase
uncompress uncompressed_length unhex unix_timestamp upper user utc_date utc_time utc_timestamp uuid uuid_short
uuid_to_bin value values var_pop var_samp variance version week weekday weekofyear weight_string year yearweek
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
