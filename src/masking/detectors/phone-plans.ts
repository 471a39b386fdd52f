import {
  getCountries,
  getCountryCallingCode,
  Metadata,
  parsePhoneNumberFromString,
  type CountryCode,
} from 'libphonenumber-js/max';
import type { Budget } from './detector.ts';

/**
 * Numbering plans of libphonenumber, asked by their patterns. Its own parse takes 30–45 µs a number, these take under
 * one. Compiled when first asked, for there are 245.
 */
interface Plan {
  /** What is dialled in front inside the country: `0` in most of Europe. */
  readonly prefix: string;
  readonly possibleLengths: readonly number[];
  /** What a whole national number must match: what is general of the country, and one of its kinds. */
  readonly pattern: RegExp;
}

/** Whether digits as they are dialled inside a country are a number of it. */
export function isNational(digits: string, region: CountryCode): boolean {
  const plan = planOf(region);
  if (matches(digits, plan)) return true;
  return (
    plan.prefix !== '' && digits.startsWith(plan.prefix) && matches(digits.slice(plan.prefix.length), plan)
  );
}

/**
 * How surely digits behind a `+` are a number: of a country's plan, of a length that it has, or of neither. What the
 * patterns do not know (`+44 (0)20`) the library's parse may; when the budget for it is spent, it counts as possible.
 */
export function international(digits: string, budget: Budget): 'valid' | 'possible' | 'no' {
  callingCodes ??= byCallingCode();
  for (let length = 1; length <= LONGEST_CODE; length++) {
    const regions = callingCodes.get(digits.slice(0, length));
    if (regions === undefined) continue;
    const national = digits.slice(length);
    for (const region of regions) if (matches(national, planOf(region))) return 'valid';
    break;
  }
  if (budget.phoneChecks <= 0) return 'possible';
  budget.phoneChecks--;
  const parsed = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  if (parsed?.isValid() === true) return 'valid';
  return parsed?.isPossible() === true ? 'possible' : 'no';
}

function matches(national: string, plan: Plan): boolean {
  if (!plan.possibleLengths.includes(national.length)) return false;
  return plan.pattern.test(national);
}

const plans = new Map<CountryCode, Plan>();

function planOf(region: CountryCode): Plan {
  const known = plans.get(region);
  if (known !== undefined) return known;
  const plan = compile(region);
  plans.set(region, plan);
  return plan;
}

/** Of the countries that share a calling code, asked first: most numbers are theirs. */
const LARGEST: ReadonlySet<CountryCode> = new Set<CountryCode>([
  'US',
  'GB',
  'RU',
  'IT',
  'AU',
  'NO',
  'FI',
  'FR',
  'MA',
]);

/** ITU-T E.164: no code of one is the beginning of another. */
const LONGEST_CODE = 3;

/** Made when first asked for. */
let callingCodes: ReadonlyMap<string, readonly CountryCode[]> | undefined;

function byCallingCode(): ReadonlyMap<string, readonly CountryCode[]> {
  return Map.groupBy([...LARGEST, ...getCountries().filter((region) => !LARGEST.has(region))], (region) =>
    getCountryCallingCode(region),
  );
}

const TYPES = [
  'FIXED_LINE',
  'MOBILE',
  'TOLL_FREE',
  'PREMIUM_RATE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
];

/** The library's types leave these methods out. Where one is gone, the pattern matches nothing, and parse decides. */
function compile(region: CountryCode): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(region);
  const plan = metadata.numberingPlan;
  const general = ask(plan, 'nationalNumberPattern');
  const prefix = ask(plan, 'nationalPrefix');
  const types = TYPES.map((type) => ask(ask(plan, 'type', type), 'pattern')).filter(isPattern);
  const kinds = types.length === 0 ? '' : `(?=(?:${types.join('|')})$)`;
  return {
    prefix: typeof prefix === 'string' ? prefix : '',
    possibleLengths: plan?.possibleLengths() ?? [],
    pattern: new RegExp(`^${kinds}(?:${isPattern(general) ? general : '(?!)'})$`),
  };
}

function isPattern(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function ask(target: unknown, method: string, ...args: readonly string[]): unknown {
  if (typeof target !== 'object' || target === null) return undefined;
  const found: unknown = Reflect.get(target, method);
  return typeof found === 'function' ? Reflect.apply(found, target, args) : undefined;
}
