import { subcommandsOf } from '../subcommands.ts';

/**
 * What a subcommand does. `reads`: the repository. `changes`: the repository and the folder, and so may run its hooks.
 * `fetches`, `sends`: another machine as well. `talks`: asks another machine and keeps nothing. `configures`: told by its words.
 */
export type GitDoes = 'reads' | 'changes' | 'fetches' | 'sends' | 'talks' | 'configures';

const DIFF =
  '-p -u -a -b -w -z -s -R -W -r -t -M[=text] -C[=text] -B[=text] -D -U=text -l=text -S=text -G=text -X[=text] -O=read --patch --no-patch --raw --patch-with-stat --patch-with-raw --stat[=text] --numstat --shortstat --dirstat[=text] --cumulative --summary --compact-summary --name-only --name-status --unified=text --color[=text] --no-color --color-words[=text] --color-moved[=text] --no-color-moved --word-diff[=text] --word-diff-regex=text --no-renames --find-renames[=text] --find-copies[=text] --find-copies-harder --rename-empty --check --full-index --binary --abbrev[=text] --no-abbrev --diff-filter=text --diff-algorithm=text --minimal --patience --histogram --anchored=text --indent-heuristic --ignore-space-change --ignore-all-space --ignore-space-at-eol --ignore-cr-at-eol --ignore-blank-lines --ignore-matching-lines=text --inter-hunk-context=text --function-context --exit-code --quiet --no-ext-diff --no-textconv --no-prefix --src-prefix=text --dst-prefix=text --line-prefix=text --relative[=text] --no-relative --text --submodule[=text] --ignore-submodules[=text] --pickaxe-all --pickaxe-regex --stat-width=text --skip-to=text --rotate-to=text --default-prefix';

const LOG =
  '-c -g -i -m -n=text -E -F -P -L=text -NUM[=text] --cc --oneline --graph --all --branches[=text] --tags[=text] --remotes[=text] --glob=text --exclude=text --decorate[=text] --no-decorate --decorate-refs=text --clear-decorations --pretty[=text] --format=text --abbrev-commit --no-abbrev-commit --max-count=text --skip=text --since=text --after=text --until=text --before=text --author=text --committer=text --grep=text --all-match --invert-grep --regexp-ignore-case --basic-regexp --extended-regexp --fixed-strings --perl-regexp --merges --no-merges --min-parents=text --max-parents=text --first-parent --follow --full-history --dense --sparse --simplify-merges --simplify-by-decoration --ancestry-path[=text] --show-pulls --date-order --author-date-order --topo-order --reverse --walk-reflogs --boundary --left-right --left-only --right-only --cherry --cherry-mark --cherry-pick --date=text --relative-date --parents --children --no-notes --notes[=text] --show-notes[=text] --source --log-size --encoding=text --no-walk[=text] --root --diff-merges=text --not --count --no-mailmap --use-mailmap --mailmap --expand-tabs[=text] --no-expand-tabs --remove-empty --merge --reflog --bisect --objects --stdin';

const LISTS =
  '--sort=text --format=text --count=text --points-at=text --merged[=text] --no-merged[=text] --contains[=text] --no-contains[=text] --color[=text] --no-color --column[=text] --no-column --ignore-case';

const MERGES =
  '-n -q -v -s=refuse -X=text -m=text --stat --no-stat --ff --no-ff --ff-only --squash --no-squash --commit --no-commit --no-edit --quiet --verbose --progress --no-progress --abort --continue --quit --skip --signoff --strategy-option=text --allow-unrelated-histories --autostash --no-autostash --log[=text] --no-log --no-verify --no-gpg-sign --rerere-autoupdate --no-rerere-autoupdate --message=text --file=read -F=read';

const FETCHES =
  '-4 -6 -a -f -j=text -k -n -p -q -t -v --all --append --depth=text --deepen=text --shallow-since=text --shallow-exclude=text --unshallow --update-shallow --dry-run --force --keep --multiple --auto-maintenance --no-auto-maintenance --prune --no-prune --prune-tags -P --no-tags --tags --jobs=text --set-upstream --no-recurse-submodules --quiet --verbose --progress --no-progress --ipv4 --ipv6 --atomic --refmap=text --no-write-fetch-head --write-fetch-head --porcelain --refetch';

/**
 * Every option of git that is understood, by subcommand. Not among them, for git then runs a program, goes by another
 * configuration, opens an editor or writes a file: -c, --exec-path, --git-dir, --upload-pack, --receive-pack, --exec, --config,
 * --template, --ext-diff, --textconv, --output, --open-files-in-pager, --gpg-sign, --show-signature, --recurse-submodules, …
 */
export const GIT = subcommandsOf<GitDoes>(
  '-C=text -P -h -v --no-pager --no-optional-locks --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-replace-objects --no-lazy-fetch --no-advice --version --help',
  '',
  [
    [
      'status',
      'reads',
      '-s -b -v -u[=text] -z -M[=text] --short --branch --show-stash --porcelain[=text] --long --verbose --untracked-files[=text] --ignored[=text] --ignore-submodules[=text] --column[=text] --no-column --ahead-behind --no-ahead-behind --renames --no-renames --find-renames[=text]',
    ],
    ['log,whatchanged', 'reads', `${LOG} ${DIFF}`],
    ['show', 'reads', `${LOG} ${DIFF}`],
    [
      'diff',
      'reads',
      `${DIFF} -0 -1 -2 -3 --cached --staged --merge-base --base --ours --theirs --cc -c --combined-all-paths -m`,
    ],
    [
      'diff-tree,diff-index,diff-files',
      'reads',
      `${DIFF} -0 -1 -2 -3 -c -m -q -v --cc --cached --root --no-commit-id --pretty[=text] --format=text --stdin --merge-base --always --combined-all-paths`,
    ],
    [
      'blame',
      'reads',
      '-b -c -C[=text] -e -f -l -L=text -M[=text] -n -p -s -S=read -t -w --root --show-stats --reverse --first-parent --porcelain --line-porcelain --incremental --encoding=text --contents=read --date=text --progress --no-progress --score-debug --show-name --show-number --show-email --abbrev=text --color-lines --color-by-age --since=text --ignore-rev=text --ignore-revs-file=read',
    ],
    ['annotate', 'reads', '-l -t -L=text -s -w --root --porcelain'],
    [
      'shortlog',
      'reads',
      '-n -s -e -w[=text] -c --numbered --summary --email --format=text --group=text --committer --since=text --until=text --after=text --before=text --all --no-merges --merges --author=text --first-parent --max-count=text --grep=text --branches[=text] --tags[=text]',
    ],
    [
      'describe',
      'reads',
      '--all --tags --contains --abbrev=text --candidates=text --exact-match --debug --long --match=text --exclude=text --always --first-parent --dirty[=text] --broken[=text]',
    ],
    [
      'rev-parse',
      'reads',
      '-q --verify --quiet --short[=text] --abbrev-ref[=text] --symbolic --symbolic-full-name --all --branches[=text] --tags[=text] --remotes[=text] --show-toplevel --show-prefix --show-cdup --show-superproject-working-tree --git-dir --absolute-git-dir --git-common-dir --git-path=text --is-inside-git-dir --is-inside-work-tree --is-bare-repository --is-shallow-repository --revs-only --no-revs --flags --no-flags --default=text --show-object-format[=text] --since=text --until=text --not --path-format=text',
    ],
    [
      'rev-list',
      'reads',
      `${LOG} --objects-edge --disk-usage[=text] --quiet -s -v -z --header --timestamp --use-bitmap-index`,
    ],
    [
      'ls-files',
      'reads',
      '-c -d -f -i -k -m -o -s -t -u -v -x=text -X=read -z --cached --deleted --modified --others --ignored --stage --directory --no-empty-directory --unmerged --killed --resolve-undo --deduplicate --exclude=text --exclude-from=read --exclude-per-directory=text --exclude-standard --error-unmatch --with-tree=text --full-name --abbrev[=text] --eol --sparse --format=text',
    ],
    [
      'ls-tree',
      'reads',
      '-d -r -t -l -z --long --name-only --name-status --object-only --full-name --full-tree --abbrev[=text] --format=text',
    ],
    [
      'cat-file',
      'reads',
      '-e -p -s -t --batch[=text] --batch-check[=text] --batch-all-objects --allow-unknown-type --no-mailmap --use-mailmap --unordered --follow-symlinks',
    ],
    ['reflog,reflog show', 'reads', `${LOG} --stat[=text] --name-only --name-status -p`],
    ['reflog list', 'reads', ''],
    ['reflog exists', 'reads', ''],
    [
      'reflog expire,reflog delete',
      'changes',
      '-n -v --dry-run --verbose --all --expire=text --expire-unreachable=text --updateref --rewrite --stale-fix',
    ],
    ['merge-base', 'reads', '-a --all --octopus --independent --is-ancestor --fork-point'],
    ['name-rev', 'reads', '--tags --refs=text --exclude=text --all --name-only --no-undefined --always'],
    ['for-each-ref', 'reads', `${LISTS} --exclude=text --include-root-refs --omit-empty --shell`],
    [
      'show-ref',
      'reads',
      '-d -h -q -s[=text] --head --heads --branches --tags --dereference --hash[=text] --verify --exists --abbrev[=text] --quiet',
    ],
    ['check-ignore', 'reads', '-q -v -z -n --quiet --verbose --non-matching --no-index --stdin'],
    ['check-attr', 'reads', '-a -z --all --cached --stdin'],
    ['count-objects', 'reads', '-v -H --verbose --human-readable'],
    ['version', 'reads', '--build-options'],
    [
      'grep',
      'reads',
      '-a -A=text -B=text -C=text -c -e=text -E -f=read -F -G -h -H -i -I -l -L -m=text -n -o -p -P -q -r -v -w -W -z -NUM[=text] --cached --untracked --exclude-standard --no-exclude-standard --text --ignore-case --max-depth=text --recursive --no-recursive --word-regexp --invert-match --full-name --extended-regexp --basic-regexp --perl-regexp --fixed-strings --line-number --column --files-with-matches --name-only --files-without-match --null --only-matching --count --color[=text] --no-color --break --heading --show-function --context=text --after-context=text --before-context=text --function-context --max-count=text --threads=text --and --or --not --all-match --quiet --no-textconv',
    ],
    ['cherry', 'reads', '-v --abbrev[=text]'],
    [
      'range-diff',
      'reads',
      '-s --no-patch --creation-factor=text --no-dual-color --left-only --right-only --color[=text] --no-color --stat --no-notes',
    ],
    ['var', 'reads', '-l'],
    ['verify-commit,verify-tag', 'changes', '-v --verbose --raw'],
    [
      'show-branch',
      'reads',
      '-a -r --all --remotes --current --topo-order --date-order --sparse --more=text --list --merge-base --independent --no-name --sha1-name --topics --color[=text] --no-color -g[=text] --reflog[=text]',
    ],
    [
      'fsck',
      'reads',
      '--unreachable --dangling --no-dangling --root --tags --cache --no-reflogs --full --no-full --strict --verbose --progress --no-progress --connectivity-only --name-objects',
    ],
    ['stash list', 'reads', `${LOG} -p --stat[=text] --name-only --name-status`],
    ['stash show', 'reads', `${DIFF} --include-untracked --only-untracked`],
    ['worktree list', 'reads', '-v -z --porcelain --verbose'],
    ['notes list,notes show', 'reads', ''],
    ['sparse-checkout list', 'reads', ''],
    ['symbolic-ref', 'changes', '-q --short --quiet --recurse --no-recurse'],
    ['submodule status', 'reads', '--cached --recursive -q --quiet'],
    [
      'add',
      'changes',
      '-A -f -N -n -u -v --all --no-all --ignore-removal --dry-run --force --intent-to-add --refresh --ignore-errors --ignore-missing --renormalize --sparse --update --verbose --chmod=text --pathspec-from-file=read',
    ],
    [
      'commit',
      'changes',
      '-a -C=text -F=read -i -m=text -n -o -q -s -u[=text] -v -z --all --amend --no-edit --message=text --file=read --author=text --date=text --fixup=text --squash=text --reuse-message=text --reset-author --allow-empty --allow-empty-message --no-verify --verify --dry-run --short --branch --porcelain --long --signoff --no-signoff --trailer=text --cleanup=text --only --include --quiet --verbose --status --no-status --untracked-files[=text] --no-post-rewrite --no-gpg-sign --pathspec-from-file=read',
    ],
    [
      'checkout',
      'changes',
      '-b=text -B=text -d -f -l -m -q -t[=text] --quiet --progress --no-progress --force --ours --theirs --track[=text] --no-track --guess --no-guess --detach --orphan=text --merge --conflict=text --overwrite-ignore --no-overwrite-ignore --ignore-skip-worktree-bits --ignore-other-worktrees --overlay --no-overlay --no-recurse-submodules --pathspec-from-file=read',
    ],
    [
      'switch',
      'changes',
      '-c=text -C=text -d -f -m -q -t[=text] --create=text --force-create=text --detach --guess --no-guess --force --discard-changes --merge --conflict=text --quiet --progress --no-progress --track[=text] --no-track --orphan=text --ignore-other-worktrees --no-recurse-submodules',
    ],
    [
      'restore',
      'changes',
      '-q -s=text -S -W -m --source=text --staged --worktree --quiet --progress --no-progress --ours --theirs --merge --conflict=text --ignore-unmerged --ignore-skip-worktree-bits --overlay --no-overlay --no-recurse-submodules --pathspec-from-file=read',
    ],
    ['merge', 'changes', MERGES],
    [
      'cherry-pick,revert',
      'changes',
      `${MERGES.replace('-m=text', '-m=text -x')} --mainline=text --allow-empty --allow-empty-message --keep-redundant-commits --empty=text --reference --cleanup=text -s`,
    ],
    [
      'rebase',
      'changes',
      '-f -m -n -q -v -r[=text] -X=text --onto=text --root --continue --abort --skip --quit --show-current-patch --apply --merge --keep-base --keep-empty --no-keep-empty --empty=text --reapply-cherry-picks --no-reapply-cherry-picks --allow-empty-message --strategy-option=text --rerere-autoupdate --no-rerere-autoupdate --no-gpg-sign --quiet --verbose --stat --no-stat --no-verify --verify --force-rebase --no-ff --fork-point --no-fork-point --ignore-whitespace --whitespace=text --committer-date-is-author-date --reset-author-date --signoff --rebase-merges[=text] --no-rebase-merges --autosquash --no-autosquash --autostash --no-autostash --update-refs --no-update-refs',
    ],
    [
      'stash,stash push',
      'changes',
      '-a -k -m=text -q -S -u --all --keep-index --no-keep-index --message=text --quiet --staged --include-untracked --pathspec-from-file=read',
    ],
    [
      'stash save',
      'changes',
      '-a -k -q -S -u --all --keep-index --no-keep-index --quiet --staged --include-untracked',
    ],
    [
      'stash pop,stash apply,stash drop,stash clear,stash branch,stash store,stash create',
      'changes',
      '-q --index --quiet -m=text',
    ],
    [
      'tag',
      'changes',
      `-a -d -f -F=read -i -l -m=text -n[=text] --annotate --delete --force --file=read --list --message=text --cleanup=text --no-sign --create-reflog --trailer=text ${LISTS}`,
    ],
    [
      'branch',
      'changes',
      `-a -c -C -d -D -f -i -l -m -M -q -r -t[=text] -u=text -v --all --copy --delete --force --list --move --quiet --remotes --track[=text] --no-track --set-upstream-to=text --unset-upstream --verbose --show-current --abbrev[=text] --no-abbrev --create-reflog --omit-empty ${LISTS}`,
    ],
    [
      'reset',
      'changes',
      '-q -N -p=refuse --soft --mixed --hard --merge --keep --quiet --no-quiet --intent-to-add --refresh --no-refresh --no-recurse-submodules --pathspec-from-file=read',
    ],
    [
      'rm',
      'changes',
      '-f -n -q -r --force --dry-run --cached --ignore-unmatch --sparse --quiet --pathspec-from-file=read',
    ],
    ['mv', 'changes', '-f -k -n -v --force --dry-run --verbose --sparse'],
    ['init', 'changes', '-q -b=text --quiet --bare --initial-branch=text --object-format=text'],
    ['clean', 'changes', '-d -e=text -f -n -q -x -X --force --dry-run --quiet --exclude=text'],
    [
      'apply',
      'changes',
      '-p=text -C=text -R -v -q -z -3 -N --stat --numstat --summary --check --index --cached --intent-to-add --3way --ours --theirs --union --apply --no-add --binary --reverse --reject --unidiff-zero --include=text --exclude=text --ignore-space-change --ignore-whitespace --whitespace=text --inaccurate-eof --recount --verbose --quiet --allow-empty',
    ],
    [
      'am',
      'changes',
      '-3 -k -s -c -q -u -m -p=text -C=text --3way --no-3way --keep --keep-non-patch --signoff --scissors --no-scissors --quiet --utf8 --no-utf8 --message-id --ignore-space-change --ignore-whitespace --whitespace=text --include=text --exclude=text --reject --continue --skip --abort --quit --committer-date-is-author-date --ignore-date --no-gpg-sign --no-verify --show-current-patch[=text] --resolved --retry --allow-empty',
    ],
    [
      'notes add,notes append,notes copy,notes remove',
      'changes',
      '-f -m=text -F=read --force --ignore-missing',
    ],
    [
      'worktree add',
      'changes',
      '-b=text -B=text -d -f -q --force --detach --checkout --no-checkout --quiet --track --no-track --guess-remote --no-guess-remote --lock --reason=text --orphan',
    ],
    [
      'worktree remove,worktree prune,worktree lock,worktree unlock,worktree move',
      'changes',
      '-f -n -v --force --dry-run --verbose --expire=text --reason=text',
    ],
    [
      'sparse-checkout set,sparse-checkout add,sparse-checkout init,sparse-checkout disable,sparse-checkout reapply',
      'changes',
      '--cone --no-cone --sparse-index --no-sparse-index --stdin --skip-checks',
    ],
    [
      'gc',
      'changes',
      '-q --aggressive --auto --quiet --force --keep-largest-pack --prune[=text] --no-prune --no-detach',
    ],
    ['prune', 'changes', '-n -v --dry-run --verbose --progress --expire=text'],
    [
      'update-index',
      'changes',
      '-q --refresh --really-refresh --assume-unchanged --no-assume-unchanged --skip-worktree --no-skip-worktree --chmod=text --add --remove --again -g --unmerged --ignore-missing --verbose --force-remove',
    ],
    ['remote', 'reads', '-v --verbose', 0],
    ['remote get-url', 'reads', '--push --all'],
    ['remote show', 'talks', '-n'],
    ['remote update,remote prune', 'fetches', '-n -p -v --prune --dry-run'],
    ['remote add', 'configures', '-f -t=text -m=text --tags --no-tags'],
    ['remote set-url', 'configures', '--push --add --delete'],
    [
      'remote rename,remote remove,remote rm,remote set-head,remote set-branches',
      'changes',
      '-a -d --auto --delete --add --progress --no-progress',
    ],
    ['fetch', 'fetches', `${FETCHES} --negotiation-tip=text`],
    ['pull', 'fetches', `${FETCHES} ${MERGES.replace('-n', '')} -r[=text] --rebase[=text] --no-rebase`],
    [
      'clone',
      'fetches',
      '-b=text -j=text -l -n -o=text -q -s=refuse -u=refuse -c=refuse -v --branch=text --depth=text --single-branch --no-single-branch --no-checkout --bare --mirror --origin=text --quiet --verbose --progress --no-progress --shallow-since=text --shallow-exclude=text --no-tags --no-local --no-hardlinks --sparse --filter=text --jobs=text --no-shallow-submodules --no-remote-submodules --reject-shallow --no-reject-shallow --ref-format=text',
    ],
    [
      'ls-remote',
      'talks',
      '-b -h -t -q --branches --heads --tags --refs --quiet --exit-code --get-url --sort=text --symref',
    ],
    [
      'push',
      'sends',
      '-4 -6 -d -f -n -q -u -v --all --branches --prune --mirror --delete --tags --follow-tags --no-follow-tags --dry-run --porcelain --force --force-with-lease[=text] --no-force-with-lease --force-if-includes --no-force-if-includes --set-upstream --atomic --no-atomic --thin --no-thin --quiet --verbose --progress --no-progress --no-verify --verify --no-signed --no-recurse-submodules --ipv4 --ipv6',
    ],
    [
      'config',
      'configures',
      '-l -z --global --system --local --worktree --show-origin --show-scope --null --type=text --bool --int --bool-or-int --path --expiry-date --no-type --default=text --get --get-all --get-regexp --get-urlmatch --list --name-only --includes --no-includes --all --regexp --value=text --fixed-value --add --unset --unset-all --replace-all',
    ],
  ],
);
