import { hasHole, textOf, type Field } from './field.ts';
import { notUnderstood, quoted } from './refusal.ts';
import type { ShellState } from './shell-state.ts';
import type { Walk } from './walk-context.ts';

/**
 * By these a shell or a program runs something else, reads other settings, or reads words otherwise: what follows is no
 * longer what this inspection knows of it.
 */
const STEERING =
  /^(?:PATH|HOME|SHELL|ENV|BASH_ENV|BASHOPTS|SHELLOPTS|BASH_.*|PS[0-4]|PROMPT_COMMAND|CDPATH|GLOBIGNORE|EXECIGNORE|FIGNORE|POSIXLY_CORRECT|INPUTRC|TMPDIR|OPTIND|_|LD_.*|DYLD_.*|GCONV_PATH|LOCPATH|NLSPATH|MALLOC_.*|GLIBC_.*|GIT_(?!(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)$|TERMINAL_PROMPT$|PAGER$).*|SSH_.*|RSYNC_.*|CVS_RSH|TAR_OPTIONS|TAR_RSH|ZIPOPT|UNZIP|GZIP|XZ_OPT|XZ_DEFAULTS|GREP_OPTIONS|LESS.*|MORE|MAN.*|EDITOR|VISUAL|FCEDIT|BROWSER|.*_EDITOR|.*_ASKPASS|PYTHON(?!UNBUFFERED$|DONTWRITEBYTECODE$|HASHSEED$|IOENCODING$|UTF8$|WARNINGS$).*|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|NODE_(?!ENV$).*|NPM_CONFIG_.*|npm_config_.*|YARN_.*|PIP_.*|UV_.*|CARGO_.*|RUSTC.*|RUSTFLAGS|GO(?!OS$|ARCH$|MAXPROCS$|GC$|DEBUG$).*|CGO_.*|CC|CXX|CPP|LD|AR|AS|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|MAKE.*|MFLAGS|JAVA_.*|_JAVA_OPTIONS|JDK_.*|CLASSPATH|MAVEN_.*|GRADLE_.*|LUA_.*|PHP_?RC|PHP_INI.*|R_.*|AWK.*|TERMINFO.*|TERMCAP|.*_PRELOAD|.*_RSH|PAGER|.*_PAGER|AWS_.*|KUBE.*|DOCKER_.*|HELM_.*|TF_CLI_.*|HISTFILE|HISTCMD|MAIL.*|LC_ALL_.*|FPATH|ZDOTDIR|HOSTALIASES|RES_OPTIONS|LOCALDOMAIN|CURL_.*|WGETRC|OPENSSL_.*|SSL_.*|https?_proxy|all_proxy|ftp_proxy|HTTPS?_PROXY|ALL_PROXY|FTP_PROXY)$/;

/** Programs show or say things otherwise by these, and no more. */
const CALM =
  /^(?:NODE_ENV|CI|DEBUG|VERBOSE|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|FORCE_COLOR|NO_COLOR|CLICOLOR|CLICOLOR_FORCE|RUST_BACKTRACE|RUST_LOG|LOG_LEVEL|PORT|HOST|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|PYTHONHASHSEED|PYTHONIOENCODING|PYTHONUTF8|PYTHONWARNINGS|GOOS|GOARCH|GOMAXPROCS|GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)|GIT_TERMINAL_PROMPT|DEBIAN_FRONTEND|RAILS_ENV|RACK_ENV|APP_ENV|FLASK_ENV|DJANGO_ENV|JEST_WORKERS|TEST_.*)$/;

/** Where a variable names the pager, only one that pages nothing is calm. */
const CALM_PAGERS = /^(?:|cat)$/;

const SECRET = /(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIAL)/;

export function isSecretVariable(name: string): boolean {
  return SECRET.test(name);
}

/** A variable of the shell. One in capitals may be exported already, and then every program sees it. */
export function assignVariable(name: string, values: readonly Field[], state: ShellState, walk: Walk): void {
  if (name === 'IFS') {
    state.splitsOtherwise = true;
    return;
  }
  steer(name, values);
  if (!/[a-z]/.test(name) && !CALM.test(name)) walk.findings.is('changesEnvironment');
  state.variables.set(name, values);
}

/** A variable that a program is given: `X=1 program`, `env X=1 program`, `export X`. */
export function exportVariable(name: string, values: readonly Field[], walk: Walk): void {
  steer(name, values);
  if (!CALM.test(name)) walk.findings.is('changesEnvironment');
}

function steer(name: string, values: readonly Field[]): void {
  if (!STEERING.test(name)) return;
  const quiet = values.every((value) => !hasHole(value) && CALM_PAGERS.test(textOf(value) ?? ' '));
  if (/^(?:PAGER|GIT_PAGER|MANPAGER)$/.test(name) && quiet) return;
  throw notUnderstood(`Setting ${quoted(name)} may change what the programs after it do.`);
}
