import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scanPostgres } from '../../src/inspect/sql/postgres/scan.ts';

/**
 * The statements of the engines' own regression suites, read where they are installed and never copied: PostgreSQL's from
 * a source tree, MariaDB's from the Debian package mariadb-test-data.
 */
export interface Material {
  readonly file: string;
  readonly statements: readonly string[];
}

const POSTGRES = process.env['SALLYPORT_POSTGRES_REGRESS'] ?? '/usr/share/postgresql-regress/sql';
const MARIADB = process.env['SALLYPORT_MARIADB_TESTS'] ?? '/usr/share/mysql/mysql-test/main';

export function postgresMaterial(): readonly Material[] | { readonly missing: string } {
  if (!existsSync(POSTGRES)) {
    return {
      missing: `PostgreSQL's src/test/regress/sql is not at ${POSTGRES} (apt-get source postgresql-15; set SALLYPORT_POSTGRES_REGRESS)`,
    };
  }
  const files = globSync(join(POSTGRES, '*.sql')).toSorted();
  // First what the others build on.
  const first = files.filter((file) => file.endsWith('test_setup.sql'));
  return [...first, ...files.filter((file) => !first.includes(file))]
    .filter((file) => !/infinite_recurse|tablespace\.sql|euc_kr/.test(file))
    .map((file) => ({ file: basename(file), statements: ofPsql(readFileSync(file, 'utf8')) }));
}

export function mariadbMaterial(): readonly Material[] | { readonly missing: string } {
  if (!existsSync(MARIADB)) {
    return {
      missing: `MariaDB's tests are not at ${MARIADB} (apt-get install mariadb-test-data; or set SALLYPORT_MARIADB_TESTS)`,
    };
  }
  // All of it takes most of an hour; every twelfth file is enough to notice what has changed.
  const step = process.env['SALLYPORT_REGRESS_ALL'] === '1' ? 1 : 12;
  return globSync(join(MARIADB, '*.test'))
    .toSorted()
    .filter((_file, index) => index % step === 0)
    .map((file) => ({ file: basename(file), statements: ofMysqltest(readFileSync(file, 'latin1')) }));
}

/** Without psql's own commands and the data after COPY … FROM STDIN, cut at the semicolons that are outside quotes. */
function ofPsql(text: string): readonly string[] {
  const kept: string[] = [];
  let inData = false;
  for (const line of text.split('\n')) {
    if (inData) inData = line !== '\\.';
    else if (!line.startsWith('\\')) {
      kept.push(line.replace(/\\(?:gset|gexec|gdesc|g|gx|crosstabview|bind)\b.*$/, ';'));
      inData = /^copy\b.*\bfrom\s+stdin\b.*;/i.test(line);
    }
  }
  const sql = kept.join('\n');
  const statements: string[] = [];
  let from = 0;
  try {
    let depth = 0;
    for (const token of scanPostgres(sql)) {
      if (token.text === '(' && token.kind === 'symbol') depth += 1;
      if (token.text === ')' && token.kind === 'symbol') depth -= 1;
      if (token.kind !== 'symbol' || token.text !== ';' || depth > 0) continue;
      statements.push(sql.slice(from, token.start));
      from = token.end;
    }
  } catch {
    // A file that shows an open quote ends here; what came before is kept.
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}

/** Words of mysqltest itself. */
const COMMANDS =
  /^(?:let|eval|evalp|connect|connection|disconnect|source|inc|dec|while|if|echo|sleep|real_sleep|die|exit|error|query\w*|send\w*|reap|remove_file\w*|write_\w+|append_\w+|cat_\w+|copy_\w+|move_\w+|diff_\w+|list_\w+|file_\w+|chmod|mkdir|rmdir|perl|replace_\w+|sorted_result|lowercase_\w*|disable_\w+|enable_\w+|exec\w*|system|shutdown\w*|skip|ping|vertical\w*|horizontal\w*|start_timer|end_timer|character_set|reset_connection|save_master_pos|sync_\w+|wait_\w+|delimiter|result_format|change_user|ps_\w+|optimizer_\w+|require|output|assert|break|continue|end|dirty_close|partially_sorted\w*|evalp)\b/i;

function ofMysqltest(text: string): readonly string[] {
  const statements: string[] = [];
  let open = '';
  let delimiter = ';';
  let skipTo: string | null = null;
  for (const line of text.split('\n')) {
    const bare = line.trim();
    if (skipTo !== null) {
      if (bare === skipTo) skipTo = null;
      continue;
    }
    if (open === '') {
      const changed = /^(?:--\s*)?delimiter\s+(\S+?)\s*$/i.exec(bare)?.[1];
      if (changed !== undefined) {
        delimiter =
          changed.length > 1 && changed.endsWith(delimiter) ? changed.slice(0, -delimiter.length) : changed;
        continue;
      }
      if (/^(?:--)?\s*(?:perl|write_file|append_file)\b/i.test(bare))
        skipTo = /\b(EOF\w*|END\w*)\b/.exec(bare)?.[1] ?? 'EOF';
      if (
        bare === '' ||
        bare.startsWith('#') ||
        bare.startsWith('--') ||
        /^[{}]/.test(bare) ||
        skipTo !== null
      )
        continue;
    }
    open += `${line}\n`;
    if (!bare.endsWith(delimiter)) continue;
    const statement = open.trim().slice(0, -delimiter.length).trim();
    open = '';
    if (statement !== '' && !COMMANDS.test(statement) && !/\$\w/.test(statement)) statements.push(statement);
  }
  return statements;
}
