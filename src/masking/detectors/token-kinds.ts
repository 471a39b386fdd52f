/** How a service writes its keys: a prefix that nothing else has, and what follows it. */
export interface TokenKind {
  readonly service: string;
  readonly prefix: string;
  /** Sticky; bounded. */
  readonly body: RegExp;
  /** What stands in front of the prefix and belongs to it; matched at the end of at most `LONGEST_HEAD` characters. */
  readonly head?: RegExp;
}

export const LONGEST_HEAD = 80;

const ALNUM = 'A-Za-z0-9';
const URL = 'A-Za-z0-9_-';
const HEX = 'a-f0-9';
const ANY_HEX = 'A-Fa-f0-9';

/** Services, the prefixes of their keys, the characters behind them, and how many: as their documentation publishes them. */
const ROWS: readonly (readonly [string, string, string, number, number])[] = [
  ['AWS', 'AKIA ASIA ABIA ACCA AROA AIDA AGPA ANPA', 'A-Z0-9', 16, 16],
  ['AWS Bedrock', 'ABSK', `${ALNUM}+/=`, 100, 300],
  ['GitHub', 'ghp_ gho_ ghu_ ghs_ ghr_', ALNUM, 30, 255],
  ['GitHub', 'github_pat_', `${ALNUM}_`, 22, 255],
  ['GitLab', 'GR1348941', URL, 20, 20],
  ['Slack', 'xoxb- xoxp- xoxa- xoxr- xoxs- xoxo- xoxe- xoxe.xoxp- xoxe.xoxb- xapp-', `${ALNUM}-`, 10, 300],
  ['Stripe', 'sk_live_ sk_test_ rk_live_ rk_test_ whsec_', `${ALNUM}+/=`, 16, 255],
  ['Anthropic', 'sk-ant-', URL, 20, 255],
  ['OpenAI', 'sk-proj- sk-svcacct- sk-admin-', URL, 20, 255],
  ['OpenRouter', 'sk-or-v1-', HEX, 32, 128],
  ['OpenAI', 'sk-', ALNUM, 32, 64],
  ['Google', 'AIza', URL, 35, 35],
  ['Google', 'ya29.', URL, 20, 512],
  ['Google', 'GOCSPX-', URL, 20, 40],
  ['npm', 'npm_', ALNUM, 30, 64],
  ['PyPI', 'pypi-', URL, 50, 512],
  ['RubyGems', 'rubygems_', HEX, 32, 64],
  ['crates.io', 'cio', ALNUM, 32, 32],
  ['SendGrid', 'SG.', `.=${URL}`, 40, 80],
  ['Mailgun', 'key-', HEX, 32, 32],
  ['Brevo', 'xkeysib- xsmtpsib-', `${HEX}${ALNUM}-`, 64, 90],
  ['DigitalOcean', 'dop_v1_ doo_v1_ dor_v1_', HEX, 64, 64],
  ['Hugging Face', 'hf_ api_org_', ALNUM, 30, 64],
  ['Shopify', 'shpat_ shpca_ shppa_ shpss_', ANY_HEX, 32, 32],
  ['Square', 'sq0atp- sq0csp- sq0idp-', URL, 22, 43],
  ['Square, Facebook', 'EAAA EAAC EAAB EAAG EAAE EAAD EAAM', `${ALNUM}_-`, 22, 300],
  ['Twilio', 'SK AC', ANY_HEX, 32, 32],
  ['Databricks', 'dapi', HEX, 32, 40],
  ['Linear', 'lin_api_ lin_oauth_', ALNUM, 30, 80],
  ['Notion', 'ntn_ secret_', ALNUM, 40, 60],
  ['Atlassian', 'ATATT3 ATCTT3', `=${URL}`, 50, 300],
  ['Bitbucket', 'ATBB', ALNUM, 24, 48],
  ['Figma', 'figd_ figdr_', URL, 35, 60],
  ['PostHog', 'phc_ phx_ phs_', ALNUM, 30, 60],
  ['Sentry', 'sntrys_ sntryu_', `${ALNUM}+/=_`, 40, 300],
  ['Grafana', 'glc_ glsa_', `${ALNUM}_+/=`, 32, 400],
  ['Grafana', 'eyJrIjoi', `${ALNUM}+/=`, 70, 400],
  ['New Relic', 'NRAK- NRJS- NRAA- NRII-', ALNUM, 16, 48],
  ['Vault', 'hvs. hvb. hvr.', URL, 24, 300],
  ['Pulumi', 'pul-', HEX, 40, 40],
  ['Doppler', 'dp.pt. dp.st. dp.ct. dp.sa. dp.scim.', `${ALNUM}._-`, 40, 64],
  ['Fly.io', 'fo1_ fm1_ fm2_', `+/=,${URL}`, 40, 512],
  ['Netlify', 'nfp_', ALNUM, 36, 64],
  ['Vercel', 'vcp_ vck_ vca_ vci_ vcr_', ALNUM, 24, 64],
  ['Supabase', 'sbp_ sb_secret_', `${ALNUM}_`, 30, 64],
  ['PlanetScale', 'pscale_tkn_ pscale_pw_ pscale_oauth_', `.=${URL}`, 32, 64],
  ['Telegram', 'AAE AAF AAG AAH', URL, 32, 32],
  ['Discord', 'mfa.', URL, 20, 100],
  ['Dropbox', 'sl.', URL, 60, 255],
  ['Adobe', 'p8e-', ALNUM, 32, 32],
  ['Docker', 'dckr_pat_ dckr_oat_', URL, 24, 48],
  ['Postman', 'PMAK-', `${HEX}-`, 50, 64],
  ['Plaid', 'access-sandbox- access-development- access-production-', `${HEX}-`, 36, 36],
  ['Razorpay', 'rzp_live_ rzp_test_', ALNUM, 14, 14],
  ['EasyPost', 'EZAK EZTK', ALNUM, 54, 54],
  ['Shippo', 'shippo_live_ shippo_test_', ANY_HEX, 40, 40],
  ['Heroku', 'HRKU-', URL, 36, 64],
  ['Groq', 'gsk_', ALNUM, 40, 64],
  ['xAI', 'xai-', ALNUM, 60, 100],
  ['Perplexity', 'pplx-', ALNUM, 40, 64],
  ['Replicate', 'r8_', ALNUM, 32, 48],
  ['Fireworks', 'fw_', ALNUM, 20, 32],
  ['Langfuse', 'sk-lf- pk-lf-', `${HEX}-`, 36, 36],
  ['Tailscale', 'tskey-', `${ALNUM}-`, 20, 80],
  ['Cloudflare', 'v1.0-', `${HEX}-`, 100, 200],
  ['age', 'AGE-SECRET-KEY-1', 'A-Z0-9', 50, 64],
  ['Alibaba', 'LTAI', ALNUM, 16, 26],
  ['Yandex', 'AQVN t1.', `.=${URL}`, 35, 200],
  ['Contentful', 'CFPAT-', URL, 40, 48],
  ['Duffel', 'duffel_test_ duffel_live_', `=${URL}`, 40, 50],
  ['Flutterwave', 'FLWSECK_TEST- FLWSECK-', `${ALNUM}-`, 12, 60],
  ['Frame.io', 'fio-u-', `=${URL}`, 60, 70],
  ['Prefect', 'pnu_ pnb_', ALNUM, 36, 36],
  ['ReadMe', 'rdme_', ALNUM, 60, 80],
  ['SonarQube', 'squ_ sqp_ sqa_', HEX, 40, 40],
  ['Sourcegraph', 'sgp_', `${ANY_HEX}_local`, 40, 70],
  ['Typeform', 'tfp_', `.${URL}`, 40, 70],
  ['Zapier', 'zpka_', URL, 40, 60],
  ['JFrog', 'AKCp', ALNUM, 60, 80],
  ['JFrog', 'cmVmd', ALNUM, 59, 59],
  ['1Password', 'A3-', 'A-Z0-9-', 32, 40],
  ['1Password', 'ops_eyJ', `${ALNUM}+/=_-`, 250, 2_000],
  ['ClickHouse', '4b1d', ALNUM, 38, 38],
  ['Clojars', 'CLOJARS_ clojars_', ALNUM, 60, 60],
  ['Infracost', 'ico-', ALNUM, 32, 32],
  ['42', 's-s4t2ud- s-s4t2af-', HEX, 64, 64],
  ['Octopus Deploy', 'API-', 'A-Z0-9', 26, 26],
  ['Scalingo', 'tk-us-', URL, 48, 48],
  ['SettleMint', 'sm_aat_ sm_pat_ sm_sat_', ALNUM, 16, 16],
  [
    'Slack',
    'hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/',
    `${ALNUM}+/`,
    30,
    80,
  ],
];

/** Those with a structure of their own: prefixes, what follows, and what stands in front. */
const STRUCTURED: readonly (readonly [string, string, RegExp, RegExp?])[] = [
  [
    'GitLab',
    'glpat- glptt- gldt- glrt- glcbt- glsoat- glft- glffct- glimt- glagent- gloas-',
    /[A-Za-z0-9_-]{16,300}(?:\.[0-9a-z]{9})?(?![A-Za-z0-9])/y,
  ],
  ['Airtable', 'pat', /[A-Za-z0-9]{14}\.[a-f0-9]{64}(?![A-Za-z0-9])/y],
  ['Dynatrace', 'dt0c01. dt0s16.', /[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}(?![A-Za-z0-9])/y],
  ['Harness', 'pat. sat.', /[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}(?![A-Za-z0-9])/y],
  [
    'Authress',
    'sc_ ext_ scauth_ authress_',
    /[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}(?![A-Za-z0-9])/y,
  ],
  ['Terraform Cloud', 'atlasv1.', /[A-Za-z0-9_=-]{40,80}(?![A-Za-z0-9])/y, /[A-Za-z0-9]{14}\.$/],
  [
    'Microsoft Teams',
    'webhook.office.com/webhookb2/',
    /[a-z0-9-]{36}@[a-z0-9-]{36}\/IncomingWebhook\/[a-z0-9]{32}\/[a-z0-9-]{36}/y,
    /(?:https:\/\/)?[a-z0-9-]{1,63}\.$/,
  ],
  ['MaxMind', 'mmk', /(?![A-Za-z0-9_])/y, /(?<![A-Za-z0-9])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_$/],
];

function kindsOf(service: string, prefixes: string, body: RegExp, head?: RegExp): readonly TokenKind[] {
  return prefixes
    .split(' ')
    .map((prefix) => ({ service, prefix, body, ...(head === undefined ? {} : { head }) }));
}

/** Longer prefixes first: `sk-ant-` is no `sk-`. */
export const TOKEN_KINDS: readonly TokenKind[] = [
  ...ROWS.flatMap(([service, prefixes, signs, least, most]) =>
    kindsOf(service, prefixes, new RegExp(`[${signs}]{${least},${most}}(?![A-Za-z0-9])`, 'y')),
  ),
  ...STRUCTURED.flatMap((row) => kindsOf(...row)),
].sort((a, b) => b.prefix.length - a.prefix.length);
