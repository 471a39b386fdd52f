/** Keccak-256 as Ethereum uses it: FIPS 202 with the padding of the submission (0x01). For inputs under 136 bytes. */
export function keccak256(input: Uint8Array): Uint8Array {
  if (input.length >= RATE) throw new Error('longer than one block');
  const block = new Uint8Array(200);
  block.set(input);
  block[input.length] = 0x01;
  block[RATE - 1] = (block[RATE - 1] ?? 0) | 0x80;
  const view = new DataView(block.buffer);
  const lanes = Array.from({ length: 25 }, (_, lane) => view.getBigUint64(lane * 8, true));
  for (const constant of ROUNDS) round(lanes, constant);
  for (const [lane, value] of lanes.entries()) view.setBigUint64(lane * 8, value, true);
  return block.slice(0, 32);
}

const RATE = 136;
const MASK = (1n << 64n) - 1n;

/** FIPS 202, 3.2.5: the bits of a linear feedback shift register at the places 2^j − 1. */
const ROUNDS: readonly bigint[] = roundConstants();

function roundConstants(): readonly bigint[] {
  let register = 1;
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let power = 0; power < 7; power++) {
      if ((register & 1) === 1) constant |= 1n << BigInt((1 << power) - 1);
      register = (register & 0x80) === 0 ? register << 1 : ((register << 1) ^ 0x171) & 0xff;
    }
    return constant;
  });
}

function rotated(lane: bigint, by: number): bigint {
  const bits = BigInt(by % 64);
  return ((lane << bits) | (lane >> (64n - bits))) & MASK;
}

/** FIPS 202, 3.2: theta, rho and pi, chi, iota. A lane x, y is at x + 5y. */
function round(lanes: bigint[], constant: bigint): void {
  const at = (index: number): bigint => lanes[index] ?? 0n;
  const columns = Array.from(
    { length: 5 },
    (_, x) => at(x) ^ at(x + 5) ^ at(x + 10) ^ at(x + 15) ^ at(x + 20),
  );
  const parity = (x: number): bigint => (columns[(x + 4) % 5] ?? 0n) ^ rotated(columns[(x + 1) % 5] ?? 0n, 1);
  for (let index = 0; index < 25; index++) lanes[index] = at(index) ^ parity(index % 5);
  let x = 1;
  let y = 0;
  let carried = at(1);
  for (let step = 0; step < 24; step++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    const next = at(x + 5 * y);
    lanes[x + 5 * y] = rotated(carried, ((step + 1) * (step + 2)) / 2);
    carried = next;
  }
  for (let row = 0; row < 25; row += 5) {
    const five = Array.from({ length: 5 }, (_, index) => at(row + index));
    for (let index = 0; index < 5; index++)
      lanes[row + index] =
        (five[index] ?? 0n) ^ (~(five[(index + 1) % 5] ?? 0n) & MASK & (five[(index + 2) % 5] ?? 0n));
  }
  lanes[0] = at(0) ^ constant;
}
