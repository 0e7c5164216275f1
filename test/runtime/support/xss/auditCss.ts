/** What in a style sheet loads, runs or says something. Escapes are read as browsers read them. */
export function faultsOfStyle(css: string): string[] {
  const read = unescape(css.replaceAll(/\/\*[^]*?(\*\/|$)/g, " "));
  const faults = [
    [/<\/?[a-z!]/i, "markup"],
    [
      /(?<![\w-])(url|src|image|image-set|-webkit-image-set|cross-fade|element|paint|expression|attr|env)\s*\(/i,
      "an address",
    ],
    [
      /@(import|font-face|namespace|charset|document|property|page|counter-style|font-feature-values)/i,
      "a rule that loads",
    ],
    [/(?<![\w-])(behavior|-moz-binding|-ms-behavior|src)\s*:/i, "a style that runs"],
    [/(javascript|vbscript|data|https?):/i, "a scheme"],
  ] as const;
  return faults.filter(([pattern]) => pattern.test(read)).map(([, name]) => `style: ${name}`);
}

const unescape = (css: string): string =>
  css.replaceAll(/\\(?:([0-9a-f]{1,6})\s?|([^]))/gi, (_all, hex: string | undefined, one: string | undefined) =>
    hex === undefined ? (one ?? "") : String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
  );
