import { weighted } from './checksums.ts';

/** Ireland: weights 8 to 2, a second letter counts nine times. */
export function irish(text: string): boolean {
  const second = text.length === 9 && text[8] !== 'W' ? (text.charCodeAt(8) - 64) * 9 : 0;
  const sum = weighted(text, [8, 7, 6, 5, 4, 3, 2]) + second;
  return 'WABCDEFGHIJKLMNOPQRSTUV'[sum % 23] === text[7];
}
