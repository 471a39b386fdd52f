import { joined, literal, textOf, type Field } from './field.ts';
import { patternOf } from './pattern.ts';
import type { Path } from './path.ts';

/** Where credentials lie under a home, by the programs' own documentation. A folder ends with a slash. */
const IN_HOME = [
  '.ssh/',
  '.gnupg/',
  '.aws/',
  '.azure/',
  '.config/gcloud/',
  '.config/gh/',
  '.config/hub',
  '.config/rclone/',
  '.config/doctl/',
  '.config/op/',
  '.config/sops/',
  '.config/containers/auth.json',
  '.kube/',
  '.docker/config.json',
  '.netrc',
  '.pgpass',
  '.my.cnf',
  '.mylogin.cnf',
  '.git-credentials',
  '.npmrc',
  '.yarnrc.yml',
  '.pypirc',
  '.gem/credentials',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.m2/settings.xml',
  '.gradle/gradle.properties',
  '.terraform.d/credentials.tfrc.json',
  '.vault-token',
  '.password-store/',
  '.local/share/keyrings/',
  '.mozilla/',
  '.config/google-chrome/',
  '.config/chromium/',
  '.bash_history',
  '.zsh_history',
  '.python_history',
  '.psql_history',
  '.mysql_history',
  '.node_repl_history',
] as const;

const ABSOLUTE = [
  'etc/shadow',
  'etc/shadow-',
  'etc/gshadow',
  'etc/sudoers',
  'etc/sudoers.d/',
  'etc/security/opasswd',
  'etc/ssh/',
  'etc/ssl/private/',
  'etc/letsencrypt/',
  'etc/krb5.keytab',
  'etc/kubernetes/',
  'var/run/secrets/',
  'run/secrets/',
  'var/lib/docker/',
  'var/run/docker.sock',
  'run/docker.sock',
  'proc/self/',
  'proc/thread-self/',
  'proc/1/',
  'proc/kcore',
] as const;

/** Of a process, what holds its environment, its memory or its open files. */
const PROCESS = /^proc\/\d+\/(?:environ|mem|maps|fd|cmdline|root|cwd)(?:\/|$)/;

const NAMES =
  /^(?:\.env(?:\.(?!(?:example|sample|template|dist|schema)$).+)?|\.envrc|\.netrc|\.pgpass|\.git-credentials|\.htpasswd|\.vault-token|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.+\.(?:pem|key|p12|pfx|jks|kdbx|keystore|ppk)|credentials\.json|service[-_]account.*\.json|client_secret.*\.json|kubeconfig|terraform\.tfstate|.*secrets?\.(?:ya?ml|json|toml|env)|master\.key)$/i;

/** Names that stand for the rest where a name is a pattern. */
const SAMPLES = [
  '.env',
  '.env.local',
  '.env.production',
  '.netrc',
  '.pgpass',
  '.git-credentials',
  'id_rsa',
  'id_ed25519',
  'x.pem',
  'x.key',
];

/** The name of a file that holds credentials wherever it lies. A pattern without a letter of its own names no file. */
export function isSecretName(name: Field | undefined): boolean {
  if (name === undefined) return false;
  const text = textOf(name);
  if (text !== undefined) return NAMES.test(text);
  if (!name.some((segment) => segment.kind === 'text')) return false;
  const pattern = patternOf(name);
  return SAMPLES.some((sample) => pattern.test(sample));
}

/** A place where credentials are kept, or a pattern that reaches one. */
export function isSecret({ root, parts }: Path): boolean {
  if (root !== 'home' && root !== 'absolute') return false;
  const whole = joined(parts.flatMap((part, index) => (index === 0 ? part : [...literal('/'), ...part])));
  const text = textOf(whole);
  const places = root === 'home' ? IN_HOME : ABSOLUTE;
  if (text !== undefined) {
    if (root === 'absolute' && PROCESS.test(text)) return true;
    return places.some((place) =>
      place.endsWith('/') ? text === place.slice(0, -1) || text.startsWith(place) : text === place,
    );
  }
  const pattern = patternOf(whole);
  return samplesOf(places, root).some((sample) => pattern.test(sample));
}

function samplesOf(places: readonly string[], root: 'home' | 'absolute'): readonly string[] {
  const own = places.flatMap((place) =>
    place.endsWith('/')
      ? [place.slice(0, -1), `${place}x`, `${place}id_rsa`, `${place}credentials`, `${place}config`]
      : [place],
  );
  if (root === 'home') return own;
  return [
    ...own,
    'proc/2/environ',
    ...IN_HOME.flatMap((place) => [`root/${sampleOf(place)}`, `home/x/${sampleOf(place)}`]),
  ];
}

function sampleOf(place: string): string {
  return place.endsWith('/') ? `${place}id_rsa` : place;
}
