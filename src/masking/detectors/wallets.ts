import { createHash } from 'node:crypto';
import { codeAt, isAlphanumeric } from './characters.ts';
import { contextWords, hasContext } from './context.ts';
import type { Aid, Candidate, Detector } from './detector.ts';
import { keccak256 } from './keccak.ts';

const WORDS = contextWords(
  'wallets?|bitcoin|btc|eth|ethereum|ether|litecoin|ltc|dogecoin|doge|tron|trx|usdt|usdc|crypto|erc-?20|metamask|blockchain|address',
);

/** Addresses on public ledgers: Base58Check, Bech32 and Bech32m, Ethereum with EIP-55. */
export const wallet: Detector = {
  trigger: 'token_part',
  detect(text, at, aid): Candidate | null {
    if (isAlphanumeric(codeAt(text, at - 1))) return null;
    let end = at;
    while (end - at <= LONGEST && isAlphanumeric(codeAt(text, end))) end++;
    const length = end - at;
    if (length < 26 || length > LONGEST) return null;
    const address = text.slice(at, end);
    const score = ethereum(address, aid) ?? (isBech32(address) || isBase58Check(address) ? 97 : 0);
    if (score === 0) return null;
    return {
      class: 'crypto_wallet',
      start: at,
      end,
      score: score < 90 && hasContext(text, at, end, WORDS, aid) ? 92 : score,
    };
  },
};

const LONGEST = 90;
/** In telephone checks, which the budget counts. */
const HASH_COSTS = 10;

/** EIP-55: a letter is a capital where the hash of the lower-case address has eight or more. Null where it is none. */
function ethereum(address: string, { budget }: Aid): number | null {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) return null;
  const hex = address.slice(2);
  const lower = hex.toLowerCase();
  if (hex === lower || hex === hex.toUpperCase()) return 60;
  // A hash takes 0.3 ms. What is not checked counts all the same.
  if (budget.phoneChecks < HASH_COSTS) return 60;
  budget.phoneChecks -= HASH_COSTS;
  const hash = keccak256(Buffer.from(lower, 'ascii'));
  for (let index = 0; index < 40; index++) {
    const sign = hex[index] ?? '';
    if (sign >= '0' && sign <= '9') continue;
    const nibble = ((hash[index >> 1] ?? 0) >> (index % 2 === 0 ? 4 : 0)) & 15;
    if (nibble >= 8 !== (sign === sign.toUpperCase())) return 55;
  }
  return 97;
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Version bytes of Bitcoin, Litecoin, Dogecoin, Dash and Tron. */
const VERSIONS = new Set([0, 5, 48, 50, 30, 22, 76, 16, 65]);

function isBase58Check(address: string): boolean {
  if (address.length > 35 || !/^[1-9A-HJ-NP-Za-km-z]{26,35}$/.test(address)) return false;
  if (!/^[13LMDA9XT7]/.test(address)) return false;
  let value = 0n;
  for (const sign of address) value = value * 58n + BigInt(BASE58.indexOf(sign));
  if (value >= 1n << 200n) return false;
  const bytes = Buffer.from(value.toString(16).padStart(50, '0'), 'hex');
  if (!VERSIONS.has(bytes[0] ?? -1)) return false;
  const once = createHash('sha256').update(bytes.subarray(0, 21)).digest();
  return createHash('sha256').update(once).digest().subarray(0, 4).equals(bytes.subarray(21));
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173 and BIP 350. */
function isBech32(address: string): boolean {
  const lower = address.toLowerCase();
  if (address !== lower && address !== address.toUpperCase()) return false;
  const prefix = /^(?:bc|tb|ltc)(?=1)/.exec(lower)?.[0];
  if (prefix === undefined) return false;
  const data = Array.from(lower.slice(prefix.length + 1), (sign) => BECH32.indexOf(sign));
  if (data.includes(-1)) return false;
  const codes = Array.from(prefix, (sign) => sign.charCodeAt(0));
  let check = 1;
  for (const value of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (let bit = 0; bit < 5; bit++) if (((top >> bit) & 1) === 1) check ^= GENERATOR[bit] ?? 0;
  }
  return check === 1 || check === 0x2bc830a3;
}
