import { programsOf } from '../table.ts';

const SUMS =
  '-bctwz --binary --check --tag --text --zero --ignore-missing --quiet --status --strict --warn --algorithm=text -a=text';

/** Programs that read files or their input and print. What `ls`, `find` and `stat` tell of names is read as well. */
export const READING = programsOf([
  [
    'cat tac',
    'read*',
    'all',
    '-AbeEnstTuv --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting -r --before --regex -s=text --separator=text',
  ],
  [
    'nl',
    'read*',
    'all',
    '-b=text -d=text -f=text -h=text -i=text -l=text -n=text -s=text -v=text -w=text -p --body-numbering=text --number-format=text --number-width=text',
  ],
  [
    'head',
    'read*',
    'all',
    '-qvz -n=text -c=text -NUM[=text] --lines=text --bytes=text --quiet --silent --verbose --zero-terminated',
  ],
  [
    'tail',
    'read*',
    'all',
    '-qvzfF -n=text -c=text -s=text -NUM[=text] --lines=text --bytes=text --quiet --silent --verbose --follow[=text] --retry --pid=text --sleep-interval=text',
  ],
  [
    'cut',
    'read*',
    'all',
    '-nsz -b=text -c=text -d=text -f=text --bytes=text --characters=text --delimiter=text --fields=text --complement --only-delimited --output-delimiter=text --zero-terminated',
  ],
  ['paste', 'read*', 'all', '-sz -d=text --delimiters=text --serial'],
  [
    'join',
    'read*',
    'all',
    '-iz -a=text -e=text -j=text -o=text -t=text -v=text -1=text -2=text --check-order --nocheck-order --header',
  ],
  ['comm', 'read*', 'all', '-123z --check-order --nocheck-order --output-delimiter=text --total'],
  ['fold fmt', 'read*', 'all', '-bsctu -w=text --bytes --spaces --width=text -p=text -g=text'],
  [
    'column',
    'read*',
    'all',
    '-txenR -s=text -o=text -c=text -N=text -H=text --table --separator=text --output-separator=text --json -J --table-columns=text',
  ],
  ['rev', 'read*', 'all', ''],
  ['expand unexpand', 'read*', 'all', '-ai -t=text --all --initial --tabs=text --first-only'],
  ['tr', 'text*', 'all', '-cCdst --complement --delete --squeeze-repeats --truncate-set1'],
  [
    'uniq',
    'read,write',
    'all',
    '-cdDiuz -f=text -s=text -w=text --count --repeated --all-repeated[=text] --skip-fields=text --ignore-case --skip-chars=text --unique --check-chars=text --group[=text]',
  ],
  [
    'sort',
    'read*',
    'none',
    '-bdfgiMhnRrVcCmsuz -k=text -t=text -o=write -S=text --key=text --field-separator=text --output=write --unique --reverse --numeric-sort --human-numeric-sort --version-sort --general-numeric-sort --ignore-case --ignore-leading-blanks --dictionary-order --month-sort --random-sort --sort=text --check[=text] --merge --stable --zero-terminated --parallel=text --batch-size=text --buffer-size=text --debug',
  ],
  [
    'shuf',
    'read*',
    'none',
    '-erz -i=text -n=text -o=write --echo --input-range=text --head-count=text --output=write --repeat',
  ],
  ['md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum shasum sum', 'read*', 'all', SUMS],
  [
    'od hexdump hd',
    'read*',
    'all',
    '-bcdiloxsCvX -A=text -j=text -N=text -n=text -t=text -w=text -e=text -s=text --format=text --address-radix=text --skip-bytes=text --read-bytes=text',
  ],
  ['strings', 'read*', 'all', '-afow -n=text -t=text -e=text --all --bytes=text --radix=text'],
  [
    'diff',
    'deep*',
    'all',
    '-abBcdeEfhiInNpqrstTuwyZ -U=text -C=text -x=text -W=text -F=text -X=read -I=text --brief --unified[=text] --context[=text] --recursive --ignore-case --ignore-all-space --ignore-space-change --ignore-blank-lines --side-by-side --new-file --color[=text] --exclude=text --exclude-from=read --width=text --text --label=text --strip-trailing-cr --suppress-common-lines --report-identical-files --minimal --no-dereference',
  ],
  [
    'cmp',
    'read*',
    'all',
    '-bls -i=text -n=text --print-bytes --verbose --silent --quiet --ignore-initial=text --bytes=text',
  ],
  ['stat', 'read*', 'all', '-Lft -c=text -x --format=text --printf=text --file-system --dereference --terse'],
  [
    'file',
    'read*',
    'none',
    '-bhiIkLNrsvzZ0 -F=text --brief --mime --mime-type --mime-encoding --dereference --no-dereference --separator=text --extension',
  ],
  [
    'ls dir vdir',
    'read*',
    'all',
    '-aAbBcCdDfFgGhHiklLmnNopqQrRsStTuUvwxXZ1 -I=text -w=text -T=text --all --almost-all --author --escape --color[=text] --directory --classify[=text] --file-type --format=text --full-time --group-directories-first --no-group --human-readable --si --dereference --hide=text --hyperlink[=text] --indicator-style=text --inode --ignore=text --literal --numeric-uid-gid --quote-name --quoting-style=text --reverse --recursive --size --sort=text --time=text --time-style=text --width=text --context --zero --block-size=text',
  ],
  [
    'tree',
    'read*',
    'none',
    '-adfisxlFqNQpugshDrtUvcniASCJX -L=text -P=text -I=text -H=text -T=text --noreport --dirsfirst --gitignore --prune --filelimit=text --matchdirs --ignore-case --du --si --timefmt=text --sort=text --charset=text',
  ],
  [
    'du',
    'read*',
    'all',
    '-0abcDhHkLlmPSsxt -d=text -t=text -B=text --all --apparent-size --bytes --total --max-depth=text --human-readable --si --summarize --one-file-system --exclude=text --time[=text] --threshold=text --block-size=text --separate-dirs --null',
  ],
  [
    'df',
    'read*',
    'all',
    '-aBhHiklPTv -t=text -x=text --all --human-readable --si --inodes --local --portability --print-type --type=text --exclude-type=text --total --output[=text] --block-size=text',
  ],
  [
    'readlink',
    'read*',
    'all',
    '-femnqsvz --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet --zero',
  ],
  [
    'realpath',
    'read*',
    'all',
    '-emLPqsz --canonicalize-existing --canonicalize-missing --relative-to=text --relative-base=text --no-symlinks --strip --quiet --zero',
  ],
  [
    'expr numfmt factor',
    'text*',
    'all',
    '-wzsf --equal-width --separator=text --format=text --to=text --from=text --suffix=text --field=text --padding=text -s=text -f=text --grouping --header[=text] --delimiter=text -d=text',
  ],
  ['bc', 'read*', 'none', '-lqsw --mathlib --quiet'],
  ['locale', 'text*', 'all', '-ack'],
  ['getconf', 'text*', 'all', '-a'],
  ['zcat bzcat xzcat zstdcat gzcat', 'read*', 'all', '-fqv'],
  ['xxd', 'read,write', 'none', '-abeiuprEC -c=text -g=text -l=text -o=text -s=text'],
  [
    'shellcheck',
    'read*',
    'none',
    '-ax -e=text -f=text -i=text -o=text -S=text -s=text -C[=text] --exclude=text --format=text --severity=text --shell=text --color[=text]',
  ],
]);
