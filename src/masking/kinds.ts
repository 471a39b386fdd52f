/** What a character means to the scan. Words and tokens run over what is `LETTER` or `DIGIT`; tokens also over `JOINS`. */
export const LETTER = 0;
export const DIGIT = 1;
export const JOINS = 2;
export const BREAKS = 3;
export const MINUS = 4;
export const SAYS = 5;
export const AT = 6;
const PERCENT = 7;
export const NEW_LINE = 8;
export const BRACE = 9;

export const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[A-Za-z]/.test(sign)) return LETTER;
  if (/[0-9]/.test(sign)) return DIGIT;
  if (sign === '-') return MINUS;
  if ('_.+/'.includes(sign)) return JOINS;
  if (sign === ':' || sign === '=') return SAYS;
  if (sign === '@') return AT;
  if (sign === '\n') return NEW_LINE;
  if (sign === '{') return BRACE;
  return sign === '%' ? PERCENT : BREAKS;
});
