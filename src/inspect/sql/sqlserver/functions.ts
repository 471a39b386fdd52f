/**
 * SQL Server's own functions that read nothing but their arguments, the clock, the session and the catalogue, and change
 * nothing. Every other one counts as a write: it may be stored in the database, or run outside it.
 */
const CALM = words(`
abs acos approx_count_distinct ascii asin atan atn2 avg cast ceil ceiling char charindex checksum checksum_agg choose coalesce
col_length col_name compress concat concat_ws convert cos cot count count_big cume_dist current_date current_timestamp
current_timezone current_user databasepropertyex datalength date_bucket dateadd datediff datediff_big datefromparts datename
datepart datetime2fromparts datetimefromparts datetimeoffsetfromparts datetrunc day db_id db_name decompress degrees
dense_rank difference eomonth error_message exp extract first_value floor format getdate getutcdate greatest grouping
grouping_id hashbytes iif isdate isjson isnull isnumeric json_array json_modify json_object json_path_exists json_query
json_value lag last_value lead least left len log log10 lower ltrim max min month nchar newid ntile nullif object_id
object_name object_schema_name parse parsename patindex percent_rank percentile_cont percentile_disc pi position power
quotename radians rand rank regexp_like replace replicate reverse right round row_number rowcount_big rtrim schema_id
schema_name sign sin smalldatetimefromparts soundex space sqrt square stdev stdevp str string_agg string_escape stuff
substring sum switchoffset sysdatetime sysdatetimeoffset sysutcdatetime tan timefromparts todatetimeoffset translate trim
try_cast try_convert try_parse type_id type_name unicode upper user_id user_name var varp year
generate_series openjson string_split
`);

/** Those of them that stand in FROM. Any other there may read what no text shows: OPENROWSET, a function of the database. */
export const TABLE_FUNCTIONS = words('generate_series openjson string_split');

/** Whose first argument is a word of their own (`DATEADD(day, …)`) and no column. */
export const DATE_PARTS = words('dateadd datediff datediff_big datename datepart datetrunc date_bucket');

/** What tells how many or which place, never what. */
const DISCLOSES_NOTHING = words(
  'count count_big approx_count_distinct row_number rank dense_rank percent_rank cume_dist ntile',
);

export function functionIsKnown(name: string): { readonly calm: boolean; readonly discloses: boolean } {
  return { calm: CALM.has(name), discloses: !DISCLOSES_NOTHING.has(name) };
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}
