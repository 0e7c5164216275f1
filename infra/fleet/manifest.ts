import { Document } from "yaml";
import { CatalogueError, formatProblem, type Manifest, parseManifest } from "../../runtime/lib/catalogue";
import { FleetError } from "./errors";

/** What a manifest may be made of, by its path in the manifest. */
export const PARTS = [
  "name",
  "locale",
  "currency",
  "shopUrl",
  "brand.primaryColor",
  "brand.secondaryColor",
  "brand.fontFamily",
  "brand.tone",
  "brand.tagline",
  "brand.mark",
] as const;
export type Part = (typeof PARTS)[number];

/** What is said of a shop, and who says it: an option, the brand's file, the export, or nobody. */
export interface Said {
  readonly value: unknown;
  /** As a message names it: `--primary`, `brand.yaml:3`, `the export`. */
  readonly by: string;
}
export type Sayings = Readonly<Partial<Record<Part, Said>>>;

/** Where the catalogue is. */
export type Source =
  | { readonly catalogue: "products.csv" | "products.json" }
  | { readonly shopify: { readonly domain: string; readonly endpoint?: string } };

/** Sayings laid over each other: the first that says something of a part counts. */
export function layered(...layers: readonly Sayings[]): Sayings {
  const found = PARTS.flatMap((part): [Part, Said][] => {
    const said = layers.map((layer) => layer[part]).find((each) => each !== undefined);
    return said === undefined ? [] : [[part, said]];
  });
  return Object.fromEntries(found);
}

/**
 * The manifest of a shop, as text and as it is read back.
 * @param more keys of the manifest that are no parts, such as `settings`
 * @throws FleetError BAD_BRAND with all that is wrong, each by who said it
 */
export function writeManifest(
  sayings: Sayings,
  source: Source,
  more: Readonly<Record<string, unknown>> = {},
): { text: string; manifest: Manifest } {
  const document = new Document({});
  for (const part of PARTS) {
    const said = sayings[part];
    if (said !== undefined) document.setIn(part.split("."), said.value);
  }
  for (const [key, value] of Object.entries({ ...source, ...more })) {
    document.setIn([key], document.createNode(value));
  }
  const text = document.toString({ lineWidth: 0 });
  try {
    return { text, manifest: parseManifest(text, "store.yaml") };
  } catch (cause) {
    if (!(cause instanceof CatalogueError)) throw cause;
    const lines = cause.problems.map((problem) => {
      const by = sayings[problem.column as Part]?.by;
      return by === undefined ? formatProblem({ ...problem, line: null }) : `${by}: ${problem.message}`;
    });
    throw new FleetError("BAD_BRAND", ["the shop cannot be made like this:", ...lines].join("\n  "), { cause });
  }
}
