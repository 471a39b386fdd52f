/**
 * PostgreSQL's own functions that read nothing but their arguments, the clock, the session's state or the catalogue,
 * and change nothing. Every other function counts as a write: it may be the schema owner's, and do anything.
 *
 * Left out on purpose, though the server calls them stable: `table_to_xml`, `query_to_xml`, `ts_stat` and their kin,
 * which read tables named in a string; `txid_current`, which takes a transaction id; `pg_relation_filepath`, files.
 */
const CALM = words(`
abbrev abs acos acosd acosh age area array_agg array_append array_cat array_dims array_fill array_length array_lower
array_ndims array_position array_positions array_prepend array_remove array_replace array_sample array_shuffle
array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh avg
any_value bit_and bit_count bit_length bit_or bit_xor bool_and bool_or bound_box box broadcast btrim bpchar cardinality
cbrt ceil ceiling center char_length character_length chr circle clock_timestamp coalesce col_description concat
concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp cume_dist
current_catalog current_database current_date current_role current_schema current_schemas current_setting current_time
current_timestamp current_user currval date date_add date_bin date_part date_subtract date_trunc decode degrees
dense_rank diagonal diameter div encode enum_first enum_last enum_range erf erfc every exp extract factorial family
first_value float4 float8 floor format format_type gcd gen_random_uuid generate_series generate_subscripts get_bit
get_byte get_current_ts_config getdatabaseencoding greatest has_any_column_privilege has_column_privilege
has_database_privilege has_function_privilege has_schema_privilege has_sequence_privilege has_table_privilege
has_type_privilege height host hostmask hashtext inet_client_addr inet_client_port inet_merge inet_same_family
inet_server_addr inet_server_port initcap int2 int4 int8 isclosed isempty isfinite isopen json_agg json_array_elements
json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text
json_extract_path json_extract_path_text json_object json_object_agg json_object_keys json_populate_record
json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_agg jsonb_array_elements
jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_keys
jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array
jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset
jsonb_typeof justify_days justify_hours justify_interval lag last_value lastval lcm lead least left length ln
localtime localtimestamp log log10 lower lower_inc lower_inf lpad ltrim make_date make_interval make_time
make_timestamp make_timestamptz masklen max md5 min min_scale mod mode multirange netmask network normalize
is_normalized now nth_value ntile nullif num_nonnulls num_nulls numeric numnode obj_description octet_length overlaps
overlay parse_ident percent_rank percentile_cont percentile_disc pg_backend_pid pg_client_encoding pg_collation_for
pg_column_compression pg_column_size pg_conf_load_time pg_database_size pg_describe_object pg_encoding_to_char
pg_function_is_visible pg_get_constraintdef pg_get_expr pg_get_function_arguments pg_get_function_identity_arguments
pg_get_function_result pg_get_functiondef pg_get_indexdef pg_get_keywords pg_get_partkeydef pg_get_ruledef
pg_get_serial_sequence pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_has_role pg_identify_object
pg_index_column_has_property pg_indexes_size pg_is_in_recovery pg_my_temp_schema pg_postmaster_start_time
pg_relation_size pg_size_bytes pg_size_pretty pg_table_is_visible pg_table_size pg_timezone_abbrevs pg_timezone_names
pg_total_relation_size pg_trigger_depth pg_type_is_visible pg_typeof phraseto_tsquery pi plainto_tsquery point polygon
position pow power querytree quote_ident quote_literal quote_nullable radians radius random random_normal range_agg
range_intersect_agg range_merge rank regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2
regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number row_security_active row_to_json
rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description sign
similar_to_escape similar_escape sin sind sinh slope split_part sqrt starts_with statement_timestamp stddev stddev_pop stddev_samp
string_agg string_to_array string_to_table strip strpos substr substring sum system_user tan tand tanh text timeofday
timestamp timestamptz timezone to_ascii to_char to_date to_hex to_json to_jsonb to_number to_regclass
to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_timestamp
to_tsquery to_tsvector transaction_timestamp translate trim trim_array trim_scale trunc ts_delete ts_filter ts_headline
ts_lexize ts_rank ts_rank_cd tsvector_to_array unistr unnest upper upper_inc upper_inf user uuidv4 uuidv7 var_pop
var_samp varchar variance version websearch_to_tsquery width width_bucket xml_is_well_formed xml_is_well_formed_content
xml_is_well_formed_document xmlagg xmlcomment xmlexists xpath xpath_exists
daterange int4range int8range numrange tsrange tstzrange datemultirange int4multirange int8multirange nummultirange
tsmultirange tstzmultirange bernoulli system
`);

/** What takes a whole row, and so can be written as a column of a table: `t.to_jsonb` is `to_jsonb(t)`. */
export const ROW_FUNCTIONS = words(`
array_agg any_value concat count first_value format hash_record hash_record_extended json_agg json_agg_strict
json_build_array json_build_object jsonb_agg jsonb_agg_strict jsonb_build_array jsonb_build_object lag last_value lead
max min mode num_nonnulls num_nulls pg_column_size pg_typeof quote_literal quote_nullable record_out record_send
row_to_json to_json to_jsonb
`);

/** What tells how many or which place, never what. */
const DISCLOSES_NOTHING = words(
  'count row_number rank dense_rank percent_rank cume_dist ntile num_nulls num_nonnulls',
);

const OPERATORS = words(`
!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> !=
<@ <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*
`);

/** Types whose input and casts are the engine's own. A type that is not here may be a domain whose checks run anything. */
const TYPES = words(`
aclitem bit bool boolean box bpchar bytea char character cid cidr circle date datemultirange daterange decimal float
float4 float8 inet int int2 int4 int4multirange int4range int8 int8multirange int8range integer interval json jsonb
jsonpath line lseg macaddr macaddr8 money name numeric nummultirange numrange oid oidvector int2vector path pg_lsn
pg_snapshot point polygon real refcursor regclass regcollation regconfig regdictionary regnamespace regoper
regoperator regproc regprocedure regrole regtype smallint bigint text tid time timestamp timestamptz timetz tsmultirange
tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit varchar xid xid8 xml record
`);

export interface Known {
  readonly calm: boolean;
  readonly discloses: boolean;
}

/** `path`: the name as written, with its schema. */
export function functionIsKnown(path: readonly string[]): Known {
  const name = builtIn(path);
  return {
    calm: name !== null && CALM.has(name),
    discloses: name === null || !DISCLOSES_NOTHING.has(name),
  };
}

export function operatorIsKnown(path: readonly string[]): boolean {
  // `OPERATOR(pg_catalog.+)` names the engine's own; a bare one is looked up in pg_catalog first.
  const name = builtIn(path);
  return name !== null && OPERATORS.has(name);
}

export function typeIsKnown(path: readonly string[]): boolean {
  const name = builtIn(path);
  return name !== null && TYPES.has(name);
}

/** pg_catalog is searched first wherever it is not named later in search_path, so a bare name means it. */
function builtIn(path: readonly string[]): string | null {
  if (path.length === 1) return path[0] ?? null;
  return path.length === 2 && path[0] === 'pg_catalog' ? (path[1] ?? null) : null;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}
